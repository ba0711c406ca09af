/** Links by the set, links in an update, levels of reservations, actions by mixin: all or none (GFD.223 §5.5). */
import type { NetworkId } from '../../../../src/model/ids'
import { network } from '../../../support/fake-offers'
import { BASE, created, type OcciApp, occiApp } from '../../../support/occi-app'

const POOL = 'dddddddd-0000-4000-8000-000000000009' as NetworkId
const NETWORK = '/network/dddddddd-0000-4000-8000-000000000001'
const KIND = 'http://schemas.ogf.org/occi/infrastructure#'
const JSON_TYPE = 'application/occi+json'
let app: OcciApp
let one: string
let two: string
beforeEach(async () => {
  app = occiApp()
  const range = { cidr: '203.0.113.0/28', gateway: '203.0.113.1', subnet: 'subnet-00000000000000008' }
  const wish = { ...network.wish, ...range, name: 'public', title: 'Public', isPublic: true as const }
  app.operations.networks.set(POOL, { ...network, id: POOL, wish })
  one = await created(app)
  two = await created(app)
})

const post = (path: string, body: object) =>
  app.ask('post', path).set('Content-Type', JSON_TYPE).send(JSON.stringify(body))
const link = (kind: string, source: string, target: string, attributes: object = {}) => ({
  kind: KIND + kind,
  attributes,
  source: { location: BASE + source },
  target: { location: BASE + target },
})
const listed = async (path: string): Promise<readonly string[]> =>
  String((await app.ask('get', path).set('Accept', 'text/uri-list')).body)
    .split('\n')
    .filter(Boolean)
    .map((url) => url.slice(BASE.length))
const lines = (method: 'post' | 'put' | 'delete', path: string, ...all: readonly string[]) =>
  app.ask(method, path).set('Content-Type', 'text/plain').send(all.join('\n'))
const category = (term: string) => `Category: ${term}; scheme="${KIND}"; class="kind"`
const storage = async (): Promise<string> => {
  const made = await lines('post', '/storage/', category('storage'), 'X-OCCI-Attribute: occi.storage.size=1')
  return String(made.headers.location).slice(BASE.length)
}
const reservation = async (): Promise<string> =>
  String((await lines('post', '/ipreservation/', category('ipreservation'))).headers.location).slice(BASE.length)

test('several storagelinks in one request are all made, or none', async () => {
  const [first, second] = [await storage(), await storage()]
  const links = [link('storagelink', one, first), link('storagelink', two, second)]
  const wrong = await post('/storagelink/', { links: [...links, link('storagelink', two, first)] })
  expect(wrong.status).toBe(409)
  expect(await listed('/storagelink/')).toEqual([])
  const made = await post('/storagelink/', { links }).set('Accept', 'text/uri-list')
  expect([made.status, made.headers.location]).toEqual([201, `${BASE}/storagelink/`])
  const shown = await listed('/storagelink/')
  expect(String(made.body).split('\n').filter(Boolean).length).toBe(2)
  expect(shown).toHaveLength(2)
  expect((await lines('delete', '/storagelink/')).status).toBe(200)
  expect(await listed('/storagelink/')).toEqual([])
})

test('several networkinterfaces too, to networks and to reservations', async () => {
  const address = await reservation()
  const before = await listed('/networkinterface/')
  const links = [link('networkinterface', one, NETWORK), link('networkinterface', two, address)]
  const missing = link('networkinterface', two, '/network/dddddddd-0000-4000-8000-00000000000a')
  expect((await post('/networkinterface/', { links: [...links, missing] })).status).toBe(404)
  expect(await listed('/networkinterface/')).toEqual(before)
  expect((await post('/networkinterface/', { links })).status).toBe(201)
  expect(await listed('/networkinterface/')).toHaveLength(before.length + 2)
  expect((await app.ask('get', address)).body).toContain('occi.ipreservation.used=true')
  expect((await lines('delete', '/networkinterface/')).status).toBe(200)
  expect(await listed('/networkinterface/')).toEqual([])
  expect((await app.ask('get', address)).body).toContain('occi.ipreservation.used=false')
})

test('several networks, reservations and groups in one request, all or none', async () => {
  const resources = (kind: string, ...titles: readonly string[]) => ({
    resources: titles.map((title) => ({ kind: KIND + kind, title, attributes: {} })),
  })
  for (const kind of ['network', 'ipreservation', 'securitygroup']) {
    const before = await listed(`/${kind}/`)
    const wrong = { resources: [...resources(kind, 'a', 'b').resources, { kind: `${KIND}compute` }] }
    expect((await post(`/${kind}/`, wrong)).status).toBe(400)
    expect(await listed(`/${kind}/`)).toEqual(before)
    const made = await post(`/${kind}/`, resources(kind, 'a', 'b'))
    expect([made.status, made.headers.location]).toEqual([201, `${BASE}/${kind}/`])
    expect(await listed(`/${kind}/`)).toHaveLength(before.length + 2)
  }
  const taken = await post('/securitygroup/', resources('securitygroup', 'c', 'a'))
  expect([taken.status, (await listed('/securitygroup/')).length]).toEqual([409, 3])
})

describe('a partial update with links', () => {
  const text = (target: string, term: string, of: string) =>
    `Link: <${target}>; rel="${KIND}${of}"; category="${KIND}${term}"`

  test('makes them, with what else changes', async () => {
    const [volume, address] = [await storage(), await reservation()]
    const answer = await lines(
      'post',
      one,
      text(NETWORK, 'networkinterface', 'network'),
      text(volume, 'storagelink', 'storage'),
      text(address, 'networkinterface', 'ipreservation'),
      'X-OCCI-Attribute: occi.core.title="linked"',
    )
    expect(answer.status).toBe(200)
    for (const word of [`<${volume}>`, `<${address}>`, 'eth1', 'occi.core.title="linked"'])
      expect(String(answer.body)).toContain(word)
    expect(await listed('/storagelink/')).toHaveLength(1)
  })

  test('makes none of them where one cannot be, and changes nothing else', async () => {
    const before = (await app.ask('get', one)).body
    const answer = await lines(
      'post',
      one,
      text(NETWORK, 'networkinterface', 'network'),
      text('/storage/99999999-2222-4333-8444-555555555555', 'storagelink', 'storage'),
      'X-OCCI-Attribute: occi.core.title="linked"',
    )
    expect([answer.status, (await app.ask('get', one)).body]).toEqual([404, before])
  })

  test.each(['text/plain', JSON_TYPE])('what %s shows, sent back, makes none twice', async (type) => {
    await lines('post', one, text(await storage(), 'storagelink', 'storage'))
    const shown = (await app.ask('get', one).set('Accept', type)).body
    const back = app.ask('post', one).set('Content-Type', type).set('Accept', type)
    const answer = await back.send(type === JSON_TYPE ? shown : withoutState(String(shown)))
    expect([answer.status, answer.body]).toEqual([200, shown])
  })
})

/** A partial update that names a state orders it. */
const withoutState = (text: string): string =>
  text
    .split('\n')
    .filter((line) => !/^X-OCCI-Attribute: occi\.compute\.state/.test(line))
    .join('\n')

test('a compute is created with a link to a reservation, or not at all', async () => {
  const address = await reservation()
  const inline = (target: string) => `Link: <${target}>; rel="${KIND}ipreservation"; category="${KIND}networkinterface"`
  const refused = await lines(
    'post',
    '/compute/',
    category('compute'),
    inline('/ipreservation/99999999-2222-4333-8444-555555555555'),
  )
  expect([refused.status, await listed('/compute/')]).toEqual([404, [one, two]])
  const made = await created(app, inline(address))
  expect((await app.ask('get', made)).body).toContain(`<${address}>`)
})

describe('up and down of reservations', () => {
  test('down stays linked and leads nowhere; what applies is shown, what does not is refused', async () => {
    const address = await reservation()
    await post('/networkinterface/', link('networkinterface', one, address))
    const down = await lines('post', `${address}?action=down`)
    expect([down.status, down.body]).toEqual([200, 'OK'])
    const shown = String((await app.ask('get', address)).body)
    expect(shown).toContain('occi.ipreservation.used=true')
    expect(shown).toContain('occi.ipreservation.state="inactive"')
    expect(shown).toContain('occi.ipreservation.state.message="it ')
    expect(shown).toContain(`<${address}?action=up>`)
    const again = await lines('post', `${address}?action=down`)
    expect([again.status, String(again.body)]).toEqual([409, expect.stringContaining('allowed: up')])
    expect((await lines('post', `${address}?action=up`)).status).toBe(200)
    expect((await app.ask('get', address)).body).toContain('occi.ipreservation.state="active"')
  })

  test('on the collection: all or none', async () => {
    const [first, second] = [await reservation(), await reservation()]
    await lines('post', `${first}?action=down`)
    expect((await lines('post', '/ipreservation/?action=down')).status).toBe(409)
    expect((await app.ask('get', second)).body).toContain('?action=down>')
    await lines('post', `${first}?action=up`)
    expect((await lines('post', '/ipreservation/?action=down')).status).toBe(200)
    for (const path of [first, second]) expect((await app.ask('get', path)).body).toContain('?action=up>')
  })
})

describe('actions on the collection of a mixin', () => {
  const TAG = 'Category: blue; scheme="https://example.org/ann#"; class="mixin"; location="/tags/blue/"'

  test('are those of its members’ kind; of several kinds there are none', async () => {
    await lines('post', '/-/', TAG)
    const volume = await storage()
    await lines('post', '/tags/blue/', `X-OCCI-Location: ${BASE}${volume}`)
    expect((await lines('post', '/tags/blue/?action=offline')).status).toBe(200)
    expect((await app.ask('get', volume)).body).toContain('occi.storage.state="offline"')
    await lines('post', '/tags/blue/', `X-OCCI-Location: ${BASE}${one}`)
    const mixed = await lines('post', '/tags/blue/?action=online')
    expect([mixed.status, String(mixed.body)]).toEqual([400, expect.stringContaining('one kind')])
  })

  test('of an empty one the action says what its members would be', async () => {
    await lines('post', '/-/', TAG)
    for (const action of ['stop', 'offline', 'up'])
      expect((await lines('post', `/tags/blue/?action=${action}`)).status).toBe(200)
    expect((await lines('post', '/tags/blue/?action=fly')).status).toBe(404)
  })
})

test('groups come off several computes, or off none; a compute keeps one at least', async () => {
  const group = async (title: string) => {
    const made = await post('/securitygroup/', { kind: `${KIND}securitygroup`, title, attributes: {} })
    return String(made.headers.location).slice(BASE.length)
  }
  const [web, mail] = [await group('web'), await group('mail')]
  const to = (target: string) => [one, two].map((source) => link('securitygrouplink', source, target))
  expect((await post('/securitygrouplink/', { links: [...to(web), ...to(mail)] })).status).toBe(201)
  const all = await listed('/securitygrouplink/')
  expect((await lines('delete', '/securitygrouplink/')).status).toBe(409)
  expect(await listed('/securitygrouplink/')).toEqual(all)
  const of = `/securitygrouplink/?attribute=occi.core.target&value=${encodeURIComponent(web)}`
  expect((await lines('delete', of)).status).toBe(200)
  expect((await listed('/securitygrouplink/')).length).toBe(all.length - 2)
})

test('a path above collections is deleted whole, with networks, groups and reservations', async () => {
  await post('/securitygroup/', { kind: `${KIND}securitygroup`, title: 'web', attributes: {} })
  const address = await reservation()
  await post('/networkinterface/', link('networkinterface', one, address))
  const of = (kind: string) => `/?category=${encodeURIComponent(KIND + kind)}`
  expect((await lines('delete', of('ipreservation'))).status).toBe(409)
  expect((await lines('delete', of('networkinterface'))).status).toBe(200)
  expect(await listed('/networkinterface/')).toEqual([])
  expect((await lines('delete', of('ipreservation'))).status).toBe(200)
  expect(await listed('/ipreservation/')).toEqual([])
  expect((await lines('delete', `/?attribute=occi.core.title&value=web`)).status).toBe(200)
  expect(await listed('/securitygroup/')).toHaveLength(1)
})

test('a mixin of one’s own comes onto a link that is there, and goes with a whole description', async () => {
  const TAG = 'Category: blue; scheme="https://example.org/ann#"; class="mixin"'
  await lines('post', '/-/', `${TAG}; location="/tags/blue/"`)
  const volume = await storage()
  const made = await lines(
    'post',
    '/storagelink/',
    category('storagelink'),
    TAG,
    `X-OCCI-Attribute: occi.core.source="${BASE}${one}"`,
    `X-OCCI-Attribute: occi.core.target="${BASE}${volume}"`,
  )
  const path = String(made.headers.location).slice(BASE.length)
  expect(await listed('/tags/blue/')).toEqual([path])
  const shown = String((await app.ask('get', path)).body)
  const without = shown.split('\n').filter((line) => !line.includes('blue'))
  expect((await lines('put', path, ...without)).status).toBe(200)
  expect(await listed('/tags/blue/')).toEqual([])
  expect((await lines('post', path, TAG)).status).toBe(200)
  expect(await listed('/tags/blue/')).toEqual([path])
  const foreign = 'Category: volume; scheme="http://occi-gateway.org/occi/infrastructure/storage#"; class="mixin"'
  expect((await lines('post', path, foreign)).status).toBe(403)
})
