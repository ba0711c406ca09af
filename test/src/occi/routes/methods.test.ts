import { created, type OcciApp, occiApp } from '../../../support/occi-app'

let app: OcciApp
let compute: string
beforeEach(async () => {
  app = occiApp()
  compute = await created(app)
})
const NETWORK = '/network/dddddddd-0000-4000-8000-000000000001'
const METHODS = ['get', 'head', 'post', 'put', 'delete', 'patch'] as const
const READ = 'GET, HEAD, OPTIONS'

/** Path, Allow, then what get, head, post, put, delete, patch answer to an empty request. */
const rows: readonly [string, string, readonly number[]][] = [
  ['/-/', 'GET, HEAD, POST, DELETE, OPTIONS', [200, 200, 400, 405, 400, 405]],
  ['/.well-known/org/ogf/occi/-/', 'GET, HEAD, POST, DELETE, OPTIONS', [200, 200, 400, 405, 400, 405]],
  ['/', 'GET, HEAD, POST, DELETE, OPTIONS', [200, 200, 400, 405, 403, 405]],
  ['/compute/', 'GET, HEAD, POST, DELETE, OPTIONS', [200, 200, 400, 405, 200, 405]],
  ['/network/', 'GET, HEAD, POST, DELETE, OPTIONS', [200, 200, 400, 405, 403, 405]],
  ['/networkinterface/', 'GET, HEAD, POST, DELETE, OPTIONS', [200, 200, 400, 405, 200, 405]],
  ['/resource/', READ, [200, 200, 405, 405, 405, 405]],
  ['/mixin/', 'GET, HEAD, DELETE, OPTIONS', [200, 200, 405, 405, 403, 405]],
  ['/mixin/os_tpl/', 'GET, HEAD, POST, OPTIONS', [200, 200, 400, 405, 405, 405]],
  ['/mixin/ipnetwork/', 'GET, HEAD, POST, OPTIONS', [200, 200, 400, 405, 405, 405]],
  ['/ipreservation/', 'GET, HEAD, POST, DELETE, OPTIONS', [200, 200, 400, 405, 200, 405]],
  ['/securitygroup/', 'GET, HEAD, POST, DELETE, OPTIONS', [200, 200, 400, 405, 403, 405]],
  ['/securitygrouplink/', 'GET, HEAD, POST, DELETE, OPTIONS', [200, 200, 400, 405, 200, 405]],
  [NETWORK, 'GET, HEAD, POST, PUT, DELETE, OPTIONS', [200, 200, 200, 400, 403, 405]],
  ['/nowhere/', READ, [404, 404, 404, 404, 404, 404]],
  ['/storage/', 'GET, HEAD, POST, DELETE, OPTIONS', [200, 200, 400, 405, 200, 405]],
  ['/storagelink/', 'GET, HEAD, POST, DELETE, OPTIONS', [200, 200, 400, 405, 200, 405]],
]

test.each(rows)('%s allows %s', async (path, allow, statuses) => {
  expect((await app.ask('options', path)).headers.allow).toBe(allow)
  const answers = []
  for (const method of METHODS) answers.push(await app.ask(method, path))
  expect(answers.map(({ status }) => status)).toEqual(statuses)
  for (const { status, headers } of answers) if (status === 405) expect(headers.allow).toBe(allow)
})

test('a compute', async () => {
  const allow = 'GET, HEAD, POST, PUT, DELETE, OPTIONS'
  expect((await app.ask('options', compute)).headers.allow).toBe(allow)
  const patch = await app.ask('patch', compute)
  expect([patch.status, patch.headers.allow]).toEqual([405, allow])
  expect((await app.ask('put', compute)).status).toBe(400)
  expect((await app.ask('post', compute)).status).toBe(200)
})

test('OPTIONS needs no credentials, says nothing of what is there, and has no body', async () => {
  const real = await app.ask('options', compute).set('x-test-user', 'nobody')
  const other = await app.ask('options', '/compute/nothing').set('x-test-user', 'nobody')
  expect([real.status, other.status, real.body]).toEqual([204, 204, ''])
  expect(real.headers.allow).toBe(other.headers.allow)
})

describe('every answer names the versions', () => {
  test.each([
    ['get', '/-/', 'ann', 200],
    ['get', '/-/', 'nobody', 401],
    ['get', '/nowhere', 'ann', 404],
    ['options', '/', 'nobody', 204],
    ['patch', '/compute/', 'ann', 405],
    ['post', '/compute/', 'ann', 400],
  ] as const)('%s %s as %s: %d', async (method, path, as, status) => {
    const answer = await app.ask(method, path).set('x-test-user', as)
    expect([answer.status, answer.headers.server]).toEqual([status, 'occi-gateway/0.1.0 OCCI/1.2 OCCI/1.1'])
    expect(answer.headers.accept).toContain('text/occi')
  })
})

test('401 says how to authenticate', async () => {
  const answer = await app.ask('get', '/compute/').set('x-test-user', 'nobody')
  expect(answer.headers['www-authenticate']).toBe('Basic realm="occi-gateway"')
  expect(answer.body).toMatch(/^401 unauthenticated: /)
})

test.each([
  ['a newer client', { 'User-Agent': 'newclient/9 OCCI/2.0' }, '/-/', 501],
  ['a Host that is none', { Host: 'a"b' }, '/-/', 400],
  ['a path that cannot be decoded', {}, '/compute/%zz', 400],
  ['a body above a megabyte', { 'Content-Type': 'text/plain' }, '/compute/', 413],
])('%s', async (_name, headers, path, status) => {
  const ask =
    status === 413 ? app.ask('post', path).set(headers).send('x'.repeat(1_100_000)) : app.ask('get', path).set(headers)
  const answer = await ask
  expect([answer.status, answer.headers.server]).toEqual([status, 'occi-gateway/0.1.0 OCCI/1.2 OCCI/1.1'])
})

test('an unknown encoding is 415', async () => {
  const answer = await app
    .ask('post', '/compute/')
    .set('Content-Encoding', 'nonsense')
    .set('Content-Type', 'text/plain')
    .send('x')
  expect([answer.status, answer.headers.server]).toEqual([415, 'occi-gateway/0.1.0 OCCI/1.2 OCCI/1.1'])
})

test('a bug of ours is 500 without its cause', async () => {
  app.operations.computes.set('x', null as never)
  const answer = await app.ask('get', '/compute/')
  expect([answer.status, answer.body]).toEqual([500, '500 internal: an internal error has occurred'])
})
