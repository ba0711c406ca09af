/** Networks of the caller's own and links to them, at their paths, in every rendering. */
import { BASE, COMPUTE_KIND, created, type OcciApp, occiApp } from '../../../support/occi-app'
import { attribute, goldenBut, inText, pathOf, RENDERINGS } from '../../../support/occi-text'

let app: OcciApp
beforeEach(() => {
  app = occiApp()
})

const { send, text } = inText(() => app.ask)
const golden = goldenBut('ids', 'macs', 'links')
const SCHEME = 'scheme="http://schemas.ogf.org/occi/infrastructure#"'
const NETWORK = `Category: network; ${SCHEME}; class="kind"`
const RANGE = 'Category: ipnetwork; scheme="http://schemas.ogf.org/occi/infrastructure/network#"; class="mixin"'
const LINK = `Category: networkinterface; ${SCHEME}; class="kind"`
const SITE = '/network/dddddddd-0000-4000-8000-000000000001'
const FRESH = '/network/77777777-2222-4333-8444-555555555555'
const sendJson = (method: 'post' | 'put', path: string, body: object) =>
  app.ask(method, path).set('Content-Type', 'application/occi+json').send(JSON.stringify(body))
const back = [
  attribute('occi.core.title', 'back'),
  attribute('occi.network.label', 'back'),
  attribute('occi.network.address', '10.9.0.0/24'),
  attribute('occi.network.gateway', '10.9.0.1'),
]
const make = async (...lines: readonly string[]) => pathOf(await send('put', FRESH, NETWORK, RANGE, ...lines))
const link = (compute: string, network: string, ...lines: readonly string[]) =>
  send(
    'post',
    '/networkinterface/',
    LINK,
    attribute('occi.core.source', BASE + compute),
    attribute('occi.core.target', network),
    ...lines,
  )

describe.each(RENDERINGS)('%s', (accept, extension) => {
  const get = (path: string) => app.ask('get', path).set('Accept', accept)

  test('made, shown, listed', async () => {
    const put = app.ask('put', FRESH).set('Content-Type', 'text/plain').set('Accept', accept)
    golden(`network-own-created.${extension}`, await put.send([NETWORK, RANGE, ...back].join('\n')))
    golden(`network-own.${extension}`, await get(FRESH))
    golden(`networks-own.${extension}`, await get('/network/'))
  })

  test('taken down, brought up', async () => {
    await make(...back)
    const down = app.ask('post', `${FRESH}?action=down`).set('Accept', accept)
    golden(`network-down.${extension}`, await down.send())
    golden(`network-is-down.${extension}`, await get(FRESH))
    golden(
      `network-down-twice.${extension}`,
      await app.ask('post', `${FRESH}?action=down`).set('Accept', accept).send(),
    )
  })

  test('linked afterwards, in use, unlinked', async () => {
    await make(...back)
    const compute = await created(app)
    const post = app.ask('post', '/networkinterface/').set('Content-Type', 'text/plain').set('Accept', accept)
    const ends = [attribute('occi.core.source', compute), attribute('occi.core.target', FRESH)]
    const address = attribute('occi.networkinterface.address', '10.9.0.77')
    const made = await post.send([LINK, ...ends, address].join('\n'))
    golden(`networkinterface-created.${extension}`, made)
    const path = pathOf(made)
    golden(`networkinterface-own.${extension}`, await get(path))
    golden(`network-in-use.${extension}`, await app.ask('delete', FRESH).set('Accept', accept))
    golden(`networkinterface-deleted.${extension}`, await app.ask('delete', path).set('Accept', accept))
    expect((await get(path)).status).toBe(404)
    expect((await app.ask('delete', FRESH)).status).toBe(200)
    expect((await get(FRESH)).status).toBe(404)
  })
})

test('a JSON description makes the same network', async () => {
  const path = pathOf(
    await sendJson('post', '/network/', {
      kind: 'http://schemas.ogf.org/occi/infrastructure#network',
      mixins: ['http://schemas.ogf.org/occi/infrastructure/network#ipnetwork'],
      title: 'back',
      attributes: { 'occi.network.address': '10.9.0.0/24', 'occi.network.allocation': 'static' },
    }),
  )
  expect(app.operations.networks.get(path.slice('/network/'.length))?.wish).toMatchObject({
    title: 'back',
    cidr: '10.9.0.0/24',
    allocation: 'static',
  })
})

test.each<[string, readonly string[], number, string]>([
  ['a range that is none', [attribute('occi.network.address', 'ten')], 400, 'occi.network.address'],
  ['a range of the site', [attribute('occi.network.address', '10.0.1.0/24')], 409, 'occi.network.address'],
  ['IPv6', [attribute('occi.network.address', 'fd00::/64')], 400, 'occi.network.address'],
  [
    'a gateway elsewhere',
    [...back.slice(2, 3), attribute('occi.network.gateway', '10.8.0.1')],
    400,
    'occi.network.gateway',
  ],
  ['a VLAN of the operator', [attribute('occi.network.vlan', 7)], 403, 'occi.network.vlan'],
  ['a VLAN that is none', [attribute('occi.network.vlan', 5000)], 400, 'occi.network.vlan'],
  ['an unknown attribute', [attribute('occi.network.colour', 'red')], 404, 'occi.network.colour'],
  ['another allocation', [attribute('occi.network.allocation', 'maybe')], 400, 'occi.network.allocation'],
  [
    'a mixin of computes',
    ['Category: user_data; scheme="http://schemas.ogf.org/occi/infrastructure/compute#"; class="mixin"'],
    403,
    'cannot be put on',
  ],
])('refused, naming the attribute: %s', async (_name, lines, status, field) => {
  const answer = await send('post', '/network/', NETWORK, RANGE, ...lines)
  expect([answer.status, String(answer.body)]).toEqual([status, expect.stringContaining(field)])
  expect(app.operations.networks.size).toBe(1)
})

test('a site that gives no VLANs away says so by name', async () => {
  app.operations.vlanPool.pool = []
  const answer = await send('post', '/network/', NETWORK)
  expect([answer.status, String(answer.body)]).toEqual([501, expect.stringContaining('tenantVlans')])
})

test('what was read can be sent back whole, and changes what it says otherwise', async () => {
  const path = await make(...back)
  for (const where of [path, SITE]) {
    const same = await send('put', where, await text(where))
    expect([same.status, same.body]).toEqual([200, await text(where)])
  }
  const changed = (await text(path)).replaceAll('"back"', '"front"')
  expect((await send('put', path, changed)).status).toBe(200)
  expect(await text(path)).toContain('occi.network.label="front"')
  expect((await send('post', path, attribute('occi.core.summary', 'ours'))).status).toBe(200)
  const record = app.operations.networks.get(path.slice('/network/'.length))
  expect(record?.wish).toMatchObject({ title: 'front', summary: 'ours', cidr: '10.9.0.0/24', gateway: '10.9.0.1' })
})

test.each<[string, readonly string[], number]>([
  ['its state', [attribute('org.occi-gateway.subnet.name', 'subnet-1')], 403],
  ['its VLAN', [attribute('occi.network.vlan', 2003)], 409],
  ['its kind', [COMPUTE_KIND], 403],
  ['a link that starts at it', ['Link: </compute/x>; rel="http://schemas.ogf.org/occi/infrastructure#compute"'], 501],
])('not to be changed: %s', async (_name, lines, status) => {
  const path = await make(...back)
  const before = await text(path)
  expect((await send('post', path, ...lines)).status).toBe(status)
  expect(await text(path)).toBe(before)
})

test("the site's network is nobody's to change, and another's does not exist", async () => {
  expect((await app.ask('delete', SITE)).status).toBe(403)
  expect((await app.ask('post', `${SITE}?action=down`)).status).toBe(403)
  expect((await send('post', SITE, attribute('occi.core.title', 'mine'))).status).toBe(403)
  const path = await make(...back)
  for (const method of ['get', 'delete', 'post'] as const)
    expect((await app.ask(method, path).set('x-test-user', 'bob')).status).toBe(404)
  expect(String((await app.ask('get', '/network/').set('x-test-user', 'bob')).body)).not.toContain(path)
})

test('the collection: deleted are the own ones, all or nothing', async () => {
  const path = await make(...back)
  const other = pathOf(await send('post', '/network/', NETWORK))
  const compute = await created(app, `Link: <${path}>; rel="http://schemas.ogf.org/occi/infrastructure#network"`)
  const refused = await app.ask('delete', '/network/')
  expect([refused.status, String(refused.body)]).toEqual([409, expect.stringMatching(/is used by i-/)])
  expect((await app.ask('get', other)).status).toBe(200)
  await app.ask('delete', compute)
  app.operations.computes.clear()
  expect((await app.ask('delete', '/network/')).status).toBe(200)
  expect(await text('/network/')).toBe(`X-OCCI-Location: ${BASE}${SITE}`)
})

test('an action of others, and a body that says another one', async () => {
  const path = await make(...back)
  expect((await app.ask('post', `${path}?action=start`)).status).toBe(404)
  const down = 'Category: down; scheme="http://schemas.ogf.org/occi/infrastructure/network/action#"; class="action"'
  expect((await send('post', `${path}?action=up`, down)).status).toBe(400)
  expect((await send('post', `${path}?action=down`, down)).status).toBe(200)
})

test('inline, when a compute is made: one interface for each link, in their order', async () => {
  const path = await make(...back)
  const to = (network: string, more = '') =>
    `Link: <${network}>; rel="http://schemas.ogf.org/occi/infrastructure#network"; category="http://schemas.ogf.org/occi/infrastructure#networkinterface"${more}`
  const compute = await created(app, to(path, ';occi.networkinterface.address="10.9.0.9"'), to(SITE))
  const shown = await text(compute)
  expect(shown).toMatch(/10\.9\.0\.9.*allocation="static"/)
  const devices = [...shown.matchAll(/occi\.networkinterface\.interface="(eth\d)"/g)].map(([, device]) => device)
  expect(devices).toEqual(['eth0', 'eth1'])
  const refused = await send('post', '/compute/', COMPUTE_KIND, to('/network/77777777-2222-4333-8444-000000000000'))
  expect(refused.status).toBe(404)
})

test.each<[string, (compute: string) => readonly string[], number, string]>([
  ['no target', (compute) => [attribute('occi.core.source', compute)], 400, 'occi.core.target'],
  ['no source', () => [attribute('occi.core.target', SITE)], 400, 'occi.core.source'],
  [
    'no network',
    (compute) => [attribute('occi.core.source', compute), attribute('occi.core.target', '/storage/x')],
    404,
    '',
  ],
  ['no machine', () => [attribute('occi.core.source', FRESH), attribute('occi.core.target', SITE)], 404, ''],
  [
    'an address outside of the range',
    (compute) => [...ends(compute), attribute('occi.networkinterface.address', '10.1.0.9')],
    400,
    'occi.networkinterface.address',
  ],
  [
    'a MAC address that is none',
    (compute) => [...ends(compute), attribute('occi.networkinterface.mac', 'mac')],
    400,
    'occi.networkinterface.mac',
  ],
  ['another kind', (compute) => [...ends(compute), COMPUTE_KIND], 400, ''],
])('a link is refused: %s', async (_name, lines, status, field) => {
  const compute = await created(app)
  const before = await text('/networkinterface/')
  const answer = await send('post', '/networkinterface/', LINK, ...lines(compute))
  expect([answer.status, String(answer.body)]).toEqual([status, expect.stringContaining(field)])
  expect(await text('/networkinterface/')).toBe(before)
})
const ends = (compute: string) => [attribute('occi.core.source', compute), attribute('occi.core.target', SITE)]

test('a link says what it is, is sent back unchanged, and is no other link afterwards', async () => {
  const path = await make(...back)
  const compute = await created(app)
  const made = pathOf(await link(compute, path))
  const same = await send('put', made, await text(made))
  expect([same.status, same.body]).toEqual([200, await text(made)])
  const other = (await text(made)).replace(path, SITE)
  expect((await send('put', made, other)).status).toBe(409)
  const address = attribute('occi.networkinterface.address', '10.9.0.200')
  expect((await send('post', made, address)).status).toBe(409)
  expect(await text(compute)).toContain(made)
  expect((await app.ask('delete', made)).status).toBe(200)
  expect((await app.ask('delete', made)).status).toBe(404)
  expect(await text(compute)).not.toContain(made)
})

test("a link of ann's is not bob's to see or to cut", async () => {
  const made = pathOf(await link(await created(app), SITE))
  expect((await app.ask('delete', made).set('x-test-user', 'bob')).status).toBe(404)
  expect((await app.ask('get', made)).status).toBe(200)
})
