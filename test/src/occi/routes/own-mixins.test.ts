/** Mixins that users make: GFD.223 §5.5.1 and §5.5.3, and what the working group's test module of OCCI 1.1 wishes besides. */
import { BASE, COMPUTE_KIND, created, type OcciApp, occiApp } from '../../../support/occi-app'

let app: OcciApp
let one: string
let two: string
beforeEach(async () => {
  app = occiApp()
  one = await created(app, 'X-OCCI-Attribute: occi.core.title="one"')
  two = await created(app)
})

const SCHEME = 'https://cloud.example.org/user/ann#'
const BLUE = `Category: blue; scheme="${SCHEME}"; class="mixin"; location="/tags/blue/"; title="Blue things"`
const TAG = `Category: blue; scheme="${SCHEME}"; class="mixin"`
const send = (method: 'get' | 'post' | 'put' | 'delete', path: string, body = '', as = 'ann') =>
  app.ask(method, path).set('x-test-user', as).set('Content-Type', 'text/plain').send(body)
const json = (method: 'post' | 'put' | 'delete', path: string, body: unknown) =>
  app
    .ask(method, path)
    .set('Content-Type', 'application/json')
    .set('Accept', 'application/json')
    .send(JSON.stringify(body))
const members = async (path = '/tags/blue/') =>
  (await app.ask('get', path).set('Accept', 'text/uri-list')).body
    .split('\n')
    .filter(Boolean)
    .map((url: string) => url.slice(BASE.length))
const nicOf = async (path: string): Promise<string> => {
  const { body } = await app.ask('get', path).set('Accept', 'application/json')
  return `/networkinterface/${String(JSON.parse(body).links[0].id).replace('urn:uuid:', '')}`
}
const locations = (...paths: readonly string[]) => paths.map((path) => `X-OCCI-Location: ${BASE}${path}`).join('\n')

describe('the query interface', () => {
  test('makes one, shows it, takes the same words again, and deletes it', async () => {
    expect((await send('post', '/-/', BLUE)).status).toBe(200)
    expect((await send('get', '/-/')).body).toContain(
      `Category: blue;scheme="${SCHEME}";class="mixin";title="Blue things";location="/tags/blue/"`,
    )
    expect([(await send('post', '/-/', BLUE)).status, (await send('post', '//-/', BLUE)).status]).toEqual([200, 200])
    expect((await send('delete', '/-/', TAG)).status).toBe(200)
    expect((await send('get', '/-/')).body).not.toContain('blue')
    expect((await send('delete', '/-/', TAG)).status).toBe(404)
    expect((await send('get', '/tags/blue/')).status).toBe(404)
  })

  test('text/occi: the example of the reference', async () => {
    const category = `blue; scheme="${SCHEME}"; class="mixin"; location="/tags/blue/"`
    const answer = await app.ask('post', '/-/').set('Content-Type', 'text/occi').set('Category', category)
    expect([answer.status, answer.body]).toEqual([200, 'OK'])
    const gone = await app.ask('delete', '/-/').set('Content-Type', 'text/occi').set('Category', category)
    expect(gone.status).toBe(200)
  })

  test('JSON: a collection, one alone, and identifiers to delete', async () => {
    const mixin = { term: 'blue', scheme: SCHEME, location: '/tags/blue/', title: 'Blue things' }
    const answer = await json('post', '/-/', { mixins: [mixin] })
    expect([answer.status, JSON.parse(answer.body)]).toEqual([200, { mixins: [mixin] }])
    expect((await json('post', '/-/', { ...mixin, term: 'red', location: `${BASE}/tags/red` })).status).toBe(200)
    expect((await send('get', '/-/')).body).toContain('location="/tags/red/"')
    expect((await json('delete', '/-/', { mixins: [`${SCHEME}blue`, `${SCHEME}red`] })).status).toBe(204)
    expect((await send('get', '/-/')).body).not.toContain(SCHEME)
  })

  test('a rel that names nothing known is kept as given', async () => {
    await send('post', '/-/', `${BLUE}; rel="http://example.com/occi/something#else"`)
    expect((await send('get', '/-/')).body).toContain('rel="http://example.com/occi/something#else"')
  })

  test('each project has its own', async () => {
    await send('post', '/-/', BLUE)
    expect((await send('get', '/-/', '', 'bob')).body).not.toContain('blue')
    expect((await send('get', '/tags/blue/', '', 'bob')).status).toBe(404)
    expect((await send('delete', '/-/', TAG, 'bob')).status).toBe(404)
    expect((await send('post', '/-/', BLUE.replace('Blue', 'Other'), 'bob')).status).toBe(200)
    expect((await send('get', '/-/')).body).toContain('Blue things')
  })

  const OCCI = 'http://schemas.ogf.org/occi/'
  test.each<[string, string, number]>([
    ['nothing', '', 400],
    ['no location', TAG, 400],
    ['a location that is no path', BLUE.replace('/tags/blue/', '/tags/<b>/'), 400],
    ['a dot in the path', BLUE.replace('/tags/blue/', '/tags/../blue/'), 400],
    ['a kind', BLUE.replace('mixin', 'kind'), 403],
    ['an action', BLUE.replace('mixin', 'action'), 403],
    ['a scheme of the standard', BLUE.replace(SCHEME, `${OCCI}infrastructure#`), 403],
    ['another scheme below the standard', BLUE.replace(SCHEME, `${OCCI}ann#`), 403],
    ['our scheme', BLUE.replace(SCHEME, 'http://occi-gateway.org/occi/infrastructure/os_tpl#'), 403],
    ['a scheme that is no URI', BLUE.replace(SCHEME, 'blue'), 400],
    ['attributes of its own', `${BLUE}; attributes="com.example.x"`, 501],
    ['actions of its own', `${BLUE}; actions="http://example.com#go"`, 501],
    ['the location of a kind', BLUE.replace('/tags/blue/', '/compute/'), 409],
    ['a location below a kind', BLUE.replace('/tags/blue/', '/compute/blue/'), 409],
    ['a location above templates', BLUE.replace('/tags/blue/', '/mixin/'), 409],
    ['the root', BLUE.replace('/tags/blue/', '/'), 400],
    ['the query interface', BLUE.replace('/tags/blue/', '/-/x/'), 409],
    ['the admin API', BLUE.replace('/tags/blue/', '/api/v1/'), 409],
    ['the way to bring images', BLUE.replace('/tags/blue/', '/images/v1/'), 409],
    ['attributes beside it', `${BLUE}\nX-OCCI-Attribute: occi.core.title="x"`, 400],
    ['the location of one that differs', BLUE.replace('blue;', 'red;'), 200],
  ])('POST of %s', async (_name, body, status) => {
    const answer = await send('post', '/-/', body)
    expect([answer.status, answer.body]).toEqual([status, expect.any(String)])
  })

  test('names and locations that are taken are 409, and nothing of the request is done', async () => {
    await send('post', '/-/', BLUE)
    const red = BLUE.replace('blue;', 'red;').replace('/tags/blue/', '/tags/red/')
    expect((await send('post', '/-/', `${red}\n${BLUE.replace('/tags/blue/', '/other/')}`)).status).toBe(409)
    expect((await send('post', '/-/', BLUE.replace('blue;', 'red;'))).status).toBe(409)
    expect((await send('get', '/-/')).body).not.toContain('/tags/red/')
  })

  test('the provider’s stay: 403; PUT is not defined: 405', async () => {
    const os_tpl = `Category: os_tpl; scheme="${OCCI}infrastructure#"; class="mixin"`
    expect((await send('delete', '/-/', os_tpl)).status).toBe(403)
    expect((await send('delete', '/-/', COMPUTE_KIND)).status).toBe(403)
    const put = await send('put', '/-/', BLUE)
    expect([put.status, put.headers.allow]).toEqual([405, 'GET, HEAD, POST, DELETE, OPTIONS'])
  })
})

describe('its collection', () => {
  beforeEach(async () => {
    await send('post', '/-/', BLUE)
  })

  test('POST adds, PUT makes it exactly these, DELETE takes off, and entities stay', async () => {
    const added = await send('post', '/tags/blue/', locations(one))
    expect([added.status, added.body]).toEqual([200, locations(one)])
    expect((await send('post', '/tags/blue', locations(two))).status).toBe(200)
    expect(await members()).toEqual([one, two])
    expect((await send('put', '/tags/blue/', locations(two))).status).toBe(200)
    expect(await members()).toEqual([two])
    expect((await send('delete', '/tags/blue/', locations(two))).status).toBe(200)
    expect(await members()).toEqual([])
    expect((await send('get', two)).status).toBe(200)
  })

  test('DELETE without a body takes it off all, interfaces too', async () => {
    const nic = await nicOf(one)
    await send('put', '/tags/blue/', locations(one, nic))
    expect(await members()).toEqual([one, nic])
    expect((await send('delete', '/tags/blue/')).status).toBe(200)
    expect([await members(), await members('/compute/')]).toEqual([[], [one, two]])
  })

  test('DELETE with a filter in its query takes it off what passes, nobody else', async () => {
    await send('put', '/tags/blue/', locations(one, two))
    expect((await send('delete', '/tags/blue/?attribute=occi.core.title&value=nobody')).status).toBe(200)
    expect(await members()).toEqual([one, two])
    expect((await send('delete', '/tags/blue/?attribute=occi.core.title&value=one')).status).toBe(200)
    expect(await members()).toEqual([two])
  })

  test('JSON: kinds and ids, links, or bare locations', async () => {
    const OCCI = 'http://schemas.ogf.org/occi/infrastructure#'
    const nic = await nicOf(two)
    const answer = await json('put', '/tags/blue/', {
      resources: [{ kind: `${OCCI}compute`, id: `urn:uuid:${one.slice(9)}` }],
      links: [{ kind: `${OCCI}networkinterface`, id: `urn:uuid:${nic.slice(18)}` }],
    })
    expect(answer.status).toBe(200)
    expect(JSON.parse(answer.body)).toMatchObject({ resources: [{ title: 'one' }], links: [{}] })
    expect(await members()).toEqual([one, nic])
    await json('post', '/tags/blue/', { resources: [{ kind: `${OCCI}compute`, id: two.slice(9) }] })
    expect(await members()).toEqual([one, two, nic])
    await json('delete', '/tags/blue/', [BASE + one, nic])
    expect(await members()).toEqual([two])
  })

  test('text/uri-list and text/occi name locations too', async () => {
    await app.ask('post', '/tags/blue/').set('Content-Type', 'text/uri-list').send(`# mine\r\n${BASE}${one}\r\n`)
    expect(await members()).toEqual([one])
    const answer = await app
      .ask('post', '/tags/blue/')
      .set('Content-Type', 'text/occi')
      .set('Accept', 'text/occi')
      .set('X-OCCI-Location', `${BASE}${two}`)
    expect([answer.status, answer.headers['x-occi-location']]).toEqual([200, `${BASE}${one}, ${BASE}${two}`])
    const less = app.ask('delete', '/tags/blue/').set('Content-Type', 'text/occi').set('X-OCCI-Location', one)
    expect((await less).status).toBe(200)
    expect(await members()).toEqual([two])
  })

  test('a client of 1.1 gets nothing to read', async () => {
    const answer = await send('post', '/tags/blue/', locations(one)).set('User-Agent', 'x OCCI/1.1')
    expect([answer.status, answer.body]).toEqual([200, 'OK'])
  })

  test.each(['post', 'put'] as const)('%s by a client of 1.1 that reads listings of URIs alone', async (method) => {
    const answer = await send(method, '/tags/blue/', locations(one))
      .set('User-Agent', 'x OCCI/1.1')
      .set('Accept', 'text/uri-list')
    expect([answer.status, answer.body]).toEqual([200, ''])
    expect(await members()).toEqual([one])
  })

  test.each<[string, string, number]>([
    ['no location', '', 400],
    ['an entity that is not there', `X-OCCI-Location: ${BASE}/compute/99999999-0000-4000-8000-000000000000`, 404],
    ['a path of nothing', 'X-OCCI-Location: /nowhere/', 404],
    ['the provider’s network', 'X-OCCI-Location: /network/dddddddd-0000-4000-8000-000000000001', 403],
    ['an attribute alone', 'X-OCCI-Attribute: occi.core.title="x"', 400],
  ])('POST of %s changes nothing', async (_name, body, status) => {
    const answer = await send('post', '/tags/blue/', body === '' ? '' : `${body}`)
    expect(answer.status).toBe(status)
    if (status === 404) expect((await send('post', '/tags/blue/', `${locations(one)}\n${body}`)).status).toBe(404)
    expect(await members()).toEqual([])
  })

  test('entities of another project are not there', async () => {
    const theirs = app.ask('post', '/compute/').set('x-test-user', 'bob').set('Content-Type', 'text/plain')
    const { headers } = await theirs.send(COMPUTE_KIND)
    expect((await send('post', '/tags/blue/', `X-OCCI-Location: ${headers.location}`)).status).toBe(404)
  })

  test('a mixin for one kind is put on no other', async () => {
    const applies = ['http://schemas.ogf.org/occi/infrastructure#compute']
    await json('post', '/-/', { term: 'cpu', scheme: SCHEME, location: '/tags/cpu/', applies })
    expect((await send('post', '/tags/cpu/', locations(await nicOf(one)))).status).toBe(403)
    expect((await send('post', '/tags/cpu/', locations(one))).status).toBe(200)
  })

  test('an action is for all members, all of which must be computes', async () => {
    await send('put', '/tags/blue/', locations(one, two))
    expect((await send('post', '/tags/blue/?action=stop')).status).toBe(200)
    expect((await send('get', two)).body).toContain('occi.compute.state="inactive"')
    await send('post', '/tags/blue/', locations(await nicOf(one)))
    expect((await send('post', '/tags/blue/?action=start')).status).toBe(400)
  })

  test('it lies below an unbound path', async () => {
    await send('post', '/tags/blue/', locations(two))
    expect(await members('/tags/')).toEqual([two])
  })
})

describe('on entities', () => {
  beforeEach(async () => {
    await send('post', '/-/', BLUE)
  })

  test('named at creation, on the compute and on its interface', async () => {
    const link = `Link: </network/dddddddd-0000-4000-8000-000000000001>;rel="http://schemas.ogf.org/occi/infrastructure#network";category="http://schemas.ogf.org/occi/infrastructure#networkinterface ${SCHEME}blue"`
    const path = await created(app, TAG, link)
    expect(await members()).toEqual([path, await nicOf(path)])
    const { body } = await send('get', path)
    expect(body).toContain(`Category: blue;scheme="${SCHEME}";class="mixin"`)
    expect(body).toContain(`networkinterface#ipnetworkinterface ${SCHEME}blue"`)
  })

  test('each rendering shows it, and no longer once the mixin is deleted; one made anew has no members', async () => {
    await send('post', '/tags/blue/', locations(one))
    const shown = async () => [
      (await send('get', one)).body.includes('blue'),
      JSON.parse((await app.ask('get', one).set('Accept', 'application/json')).body).mixins.includes(`${SCHEME}blue`),
      String((await app.ask('get', one).set('Accept', 'text/occi')).headers.category).includes('blue'),
    ]
    expect(await shown()).toEqual([true, true, true])
    await send('delete', '/-/', TAG)
    expect(await shown()).toEqual([false, false, false])
    await send('post', '/-/', BLUE)
    expect([await shown(), await members()]).toEqual([[false, false, false], []])
  })

  test('it filters listings, and an unknown one keeps none', async () => {
    await send('post', '/tags/blue/', locations(two))
    const filtered = (term: string, path = '/compute/') =>
      app.ask('get', path).set('Accept', 'text/uri-list').set('Category', `${term}; scheme="${SCHEME}"`)
    expect((await filtered('blue')).body).toBe(BASE + two)
    expect((await filtered('blue', '/')).body).toBe(BASE + two)
    expect((await filtered('green')).body).toBe('')
    expect((await filtered('blue', '/-/').set('Accept', 'text/plain')).body).toMatch(/^Category: blue;[^\n]*$/)
    expect(await members(`/compute/?category=${encodeURIComponent(`${SCHEME}blue`)}`)).toEqual([two])
  })

  test('it is no EC2 tag', async () => {
    await send('post', '/tags/blue/', locations(one))
    expect(app.operations.computes.get(one.slice('/compute/'.length))?.wish.tags).toEqual({})
  })
})
