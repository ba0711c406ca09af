import { BASE, COMPUTE_KIND, created, type OcciApp, occiApp } from '../../../support/occi-app'

let app: OcciApp
beforeEach(() => {
  app = occiApp()
})

const UUID = '2b1d3a52-1f0e-4b0a-9f7e-0c5d6a3e7f0c'
const JSON_COMPUTE = JSON.stringify({ kind: 'http://schemas.ogf.org/occi/infrastructure#compute', title: 'web one' })
const post = (path: string, body: string, type = 'text/plain', accept = type) =>
  app.ask('post', path).set('Content-Type', type).set('Accept', accept).send(body)

test('text/plain: 201, Location, and the location as the body', async () => {
  const answer = await post('/compute/', COMPUTE_KIND)
  expect(answer.status).toBe(201)
  expect(answer.headers.location).toMatch(/^http:\/\/cloud\.example\.org\/compute\/[0-9a-f-]{36}$/)
  expect(answer.headers['content-type']).toBe('text/plain; charset=utf-8')
  expect(answer.body).toBe(`X-OCCI-Location: ${answer.headers.location}`)
})

test('text/occi: all in headers, the body is OK', async () => {
  const answer = await app
    .ask('post', '/compute/')
    .set('Content-Type', 'text/occi')
    .set('Accept', 'text/occi')
    .set('Category', COMPUTE_KIND.slice('Category: '.length))
    .set('X-OCCI-Attribute', 'occi.core.title="web one", occi.compute.hostname="web1.example.org"')
  expect([answer.status, answer.body, answer.headers['content-type']]).toEqual([201, 'OK', 'text/occi'])
  expect(answer.headers['x-occi-location']).toBe(answer.headers.location)
  expect(app.operations.orders).toMatchObject([{ title: 'web one', hostname: 'web1.example.org' }])
})

test.each(['application/occi+json', 'application/json'])('%s: the rendering', async (type) => {
  const answer = await post('/compute/', JSON_COMPUTE, type)
  expect([answer.status, answer.headers['content-type']]).toEqual([201, type])
  expect(JSON.parse(answer.body)).toMatchObject({
    title: 'web one',
    id: `urn:uuid:${String(answer.headers.location).slice(`${BASE}/compute/`.length)}`,
  })
})

test('text/uri-list: the location', async () => {
  const answer = await post('/compute/', COMPUTE_KIND, 'text/plain', 'text/uri-list')
  expect([answer.status, answer.body]).toEqual([201, answer.headers.location])
})

test('the rendering of the answer is what Accept says, not what was sent', async () => {
  const answer = await post('/compute/', JSON_COMPUTE, 'application/occi+json', 'text/plain')
  expect([answer.status, answer.headers['content-type']]).toEqual([201, 'text/plain; charset=utf-8'])
})

test('a rendering that cannot be had leaves no machine behind', async () => {
  const answer = await post('/compute/', COMPUTE_KIND, 'text/plain', 'text/html')
  expect([answer.status, app.operations.computes.size]).toEqual([406, 0])
})

test('POST on / with exactly one kind creates', async () => {
  expect((await post('/', COMPUTE_KIND)).status).toBe(201)
  expect((await post('/', 'X-OCCI-Attribute: occi.core.title="x"')).status).toBe(400)
  expect((await post('/?action=start', '')).status).toBe(405)
})

test('a public URL replaces what the client sent as Host', async () => {
  app = occiApp({ publicUrl: 'https://occi.example.com/cloud/' })
  const answer = await post('/compute/', COMPUTE_KIND)
  expect(answer.headers.location).toMatch(/^https:\/\/occi\.example\.com\/cloud\/compute\/[0-9a-f-]{36}$/)
})

describe('PUT to a fresh path', () => {
  const put = (id: string, body = COMPUTE_KIND, as = 'ann') =>
    app.ask('put', `/compute/${id}`).set('x-test-user', as).set('Content-Type', 'text/plain').send(body)

  test('creates with that id', async () => {
    const answer = await put(UUID)
    expect([answer.status, answer.headers.location]).toEqual([201, `${BASE}/compute/${UUID}`])
    expect(answer.body).toBe(`X-OCCI-Location: ${BASE}/compute/${UUID}`)
    expect((await app.ask('get', `/compute/${UUID}`)).status).toBe(200)
  })

  test('what is no UUID and what another project has are refused in the same words', async () => {
    await put(UUID, COMPUTE_KIND, 'bob')
    const [taken, nonsense] = [await put(UUID), await put('my-machine')]
    expect([taken.status, nonsense.status]).toEqual([400, 400])
    expect(taken.body).toBe(nonsense.body)
    expect((await put(UUID.toUpperCase())).body).toBe(taken.body)
  })

  test('an own id that is being deleted is 409 until it is gone', async () => {
    await put(UUID)
    await app.ask('delete', `/compute/${UUID}`)
    expect((await put(UUID)).status).toBe(409)
    app.operations.computes.delete(UUID)
    expect((await put(UUID)).status).toBe(201)
  })
})

const CORE = 'http://schemas.ogf.org/occi/core#'

test.each<[string, string, string, string, number]>([
  ['no body', '/compute/', '', 'text/plain', 400],
  ['nonsense', '/compute/', 'nonsense', 'text/plain', 400],
  ['no JSON', '/compute/', '{', 'application/json', 400],
  ['JSON of another shape', '/compute/', '[[]]', 'application/json', 400],
  ['HTML', '/compute/', '<p>', 'text/html', 415],
  ['another kind than the path', '/compute/', COMPUTE_KIND.replace('compute', 'network'), 'text/plain', 400],
  ['a kind that nobody knows', '/', COMPUTE_KIND.replace('compute', 'sensor'), 'text/plain', 404],
  ['a storage without a size', '/', COMPUTE_KIND.replace('compute', 'storage'), 'text/plain', 400],
  ['a kind that nobody makes', '/', `Category: resource; scheme="${CORE}"; class="kind"`, 'text/plain', 501],
  ['an unknown kind', '/compute/', COMPUTE_KIND.replace('compute', 'toaster'), 'text/plain', 404],
  [
    'a mixin of networks',
    '/compute/',
    `${COMPUTE_KIND}\nCategory: ipnetwork;scheme="http://schemas.ogf.org/occi/infrastructure/network#"`,
    'text/plain',
    403,
  ],
  [
    'an architecture that there is not',
    '/compute/',
    `${COMPUTE_KIND}\nX-OCCI-Attribute: occi.compute.architecture="arch"`,
    'text/plain',
    400,
  ],
])('%s on %s', async (_name, path, body, type, status) => {
  const answer = await post(path, body, type, 'text/plain')
  expect(answer.status).toBe(status)
  expect(answer.body).toMatch(new RegExp(`^${status} [a-z-]+: [^\\n]+$`))
  expect(app.operations.orders).toEqual([])
})

test('a machine with a key and user data shows neither', async () => {
  const path = await created(
    app,
    'X-OCCI-Attribute: occi.compute.userdata="#!/bin/sh echo SECRET"',
    'X-OCCI-Attribute: occi.credentials.ssh.publickey="ssh-ed25519 AAAASECRET me"',
  )
  expect(app.operations.orders[0]?.userData).toBe(Buffer.from('#!/bin/sh echo SECRET').toString('base64'))
  for (const accept of ['text/plain', 'application/json']) {
    const { body } = await app.ask('get', path).set('Accept', accept)
    expect(body).not.toContain('SECRET')
    expect(body).not.toContain('userdata')
  }
})

describe('several in one request', () => {
  const OCCI = 'http://schemas.ogf.org/occi/infrastructure#'
  const several = (...resources: readonly unknown[]) =>
    post('/compute/', JSON.stringify({ resources }), 'application/json')

  test('all are made, in their order', async () => {
    const answer = await several({ kind: `${OCCI}compute`, title: 'a' }, { kind: `${OCCI}compute`, title: 'b' })
    expect([answer.status, answer.headers.location]).toEqual([201, `${BASE}/compute/`])
    expect(JSON.parse(answer.body).resources.map((one: { title: string }) => one.title)).toEqual(['a', 'b'])
    const list = await post(
      '/',
      JSON.stringify({ resources: [{ kind: `${OCCI}compute` }, { kind: `${OCCI}compute` }] }),
      'application/json',
      'text/plain',
    )
    expect(list.body).toMatch(/^X-OCCI-Location: [^\n]+\nX-OCCI-Location: [^\n]+$/)
    expect(app.operations.computes.size).toBe(4)
  })

  test('more than headers can say are made, and told by where they are alone', async () => {
    const resources = Array(900).fill({ kind: `${OCCI}compute` })
    const answer = await post('/compute/', JSON.stringify({ resources }), 'application/json', 'text/occi')
    expect([answer.status, answer.body, answer.headers.location]).toEqual([201, 'OK', `${BASE}/compute/`])
    expect(answer.headers['x-occi-location']).toBeUndefined()
    expect(app.operations.computes.size).toBe(900)
  })

  test.each<[string, unknown, number]>([
    ['another kind among them', { kind: `${OCCI}network` }, 400],
    ['no kind', { title: 'x' }, 400],
    ['an unknown mixin', { kind: `${OCCI}compute`, mixins: ['http://e.example/#x'] }, 404],
    ['a bad value', { kind: `${OCCI}compute`, attributes: { 'occi.compute.cores': 'x' } }, 400],
  ])('%s: none is made', async (_name, other, status) => {
    expect((await several({ kind: `${OCCI}compute` }, other)).status).toBe(status)
    expect(app.operations.computes.size).toBe(0)
  })

  test('none at all, more than a thousand, and several for one path are refused', async () => {
    expect((await several()).status).toBe(400)
    expect((await several(...Array(1001).fill({ kind: `${OCCI}compute` }))).status).toBe(413)
    const body = JSON.stringify({ resources: [{ kind: `${OCCI}compute` }, { kind: `${OCCI}compute` }] })
    const put = app.ask('put', `/compute/${UUID}`).set('Content-Type', 'application/json').send(body)
    expect((await put).status).toBe(400)
    expect(app.operations.computes.size).toBe(0)
  })
})

test('§11.3: the draft JSON of 1.1 days describes links beside the resource that names them', async () => {
  const OCCI = 'http://schemas.ogf.org/occi/infrastructure#'
  const network = '/network/dddddddd-0000-4000-8000-000000000001'
  const link = {
    kind: `${OCCI}networkinterface`,
    rel: `${OCCI}network`,
    id: 'one',
    source: '/compute/x',
    target: network,
  }
  const resource = {
    kind: `${OCCI}compute`,
    attributes: { occi: { core: { title: 'draft' }, compute: { cores: 2, memory: 2 } } },
    links: ['one'],
  }
  const draft = (links: readonly unknown[]) =>
    post('/compute/', JSON.stringify({ resources: [resource], links }), 'application/occi+json')
  expect((await draft([link])).status).toBe(201)
  expect(app.operations.orders).toMatchObject([{ title: 'draft', cores: 2, memoryMiB: 2048 }])
  expect((await draft([{ ...link, id: 'two' }])).status).toBe(400)
  expect((await draft([{ ...link, target: '/network/9' }])).status).toBe(404)
})
