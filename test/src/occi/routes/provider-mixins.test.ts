/** The collections of mixins that are the provider's: GFD.223 §5.5.3. */
import { BASE, created, type OcciApp, occiApp } from '../../../support/occi-app'

let app: OcciApp
let one: string
let two: string
beforeEach(async () => {
  app = occiApp()
  one = await created(app)
  two = await created(app)
})
const OURS = 'http://occi-gateway.org/occi/infrastructure/'
const RESTARTABLE = '/mixin/restartable/'
const send = (method: 'post' | 'put' | 'delete', path: string, ...members: readonly string[]) =>
  app
    .ask(method, path)
    .set('Content-Type', 'text/plain')
    .send(members.map((member) => `X-OCCI-Location: ${BASE}${member}`).join('\n'))
const listed = async (path: string) =>
  (await app.ask('get', path).set('Accept', 'text/uri-list')).body
    .split('\n')
    .filter(Boolean)
    .map((url: string) => url.slice(BASE.length))

test('restartable is put on and taken off', async () => {
  const model = (await app.ask('get', '/-/')).body
  expect(model).toContain(`location="${RESTARTABLE}"`)
  expect((await send('post', RESTARTABLE, one, two)).status).toBe(200)
  expect(await listed(RESTARTABLE)).toEqual([one, two])
  expect((await send('put', RESTARTABLE, two)).status).toBe(200)
  expect(await listed(RESTARTABLE)).toEqual([two])
  expect((await send('delete', RESTARTABLE, two)).status).toBe(200)
  await send('post', RESTARTABLE, one, two)
  expect((await send('delete', RESTARTABLE)).status).toBe(200)
  expect(await listed(RESTARTABLE)).toEqual([])
})

test('a size template resizes the one that is named, while it is off', async () => {
  const path = '/mixin/resource_tpl/t2_micro/'
  await app.ask('post', `${one}?action=stop`)
  expect((await send('post', path, one)).status).toBe(200)
  expect(await listed(path)).toContain(one)
  expect((await app.ask('get', one)).body).toContain(`t2_micro;scheme="${OURS}resource_tpl#"`)
})

test('of several, all are resized or none is', async () => {
  const path = '/mixin/resource_tpl/t2_micro/'
  await app.ask('post', `${one}?action=stop`)
  expect((await send('post', path, one, two)).status).toBe(409)
  expect(await listed(path)).toEqual([])
  await app.ask('post', `${two}?action=stop`)
  expect((await send('post', path, one, two)).status).toBe(200)
  expect(await listed(path)).toEqual([one, two])
})

test.each<[string, 'post' | 'put' | 'delete', string, number]>([
  ['an image, which it has', 'post', '/mixin/os_tpl/', 200],
  ['another image', 'post', '/mixin/os_tpl/ami-00000000000000002/', 501],
  ['an image, exactly', 'put', '/mixin/os_tpl/', 405],
  ['a size, taken off', 'delete', '/mixin/resource_tpl/t2_micro/', 405],
  ['a zone, where it is', 'post', '/mixin/availability_zone/local-1a/', 200],
  ['another zone', 'post', '/mixin/availability_zone/local-1b/', 501],
  ['what we say of a network', 'post', '/mixin/ipnetwork/', 403],
])('%s changes nothing: %s %s', async (_what, method, path, status) => {
  const before = (await app.ask('get', one)).body
  const answer = await send(method, path, one)
  expect([answer.status, (await app.ask('get', one)).body]).toEqual([status, before])
})

test.each<[string, readonly string[], number]>([
  ['nothing', [], 400],
  ['what is not there', ['/compute/99999999-2222-4333-8444-555555555555'], 404],
  // A mixin that may not be put on a kind: 403 (GFD.185 §3.4.2).
  ['what is no compute', ['/network/dddddddd-0000-4000-8000-000000000001'], 403],
])('restartable on %s is refused', async (_what, members, status) => {
  expect((await send('post', RESTARTABLE, ...members)).status).toBe(status)
  expect(await listed(RESTARTABLE)).toEqual([])
})
