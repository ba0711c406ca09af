/** GFD.223 §5.5.4: paths above collections. */
import { BASE, created, type OcciApp, occiApp } from '../../../support/occi-app'

let app: OcciApp
let one: string
let two: string
const COMPUTE = encodeURIComponent('http://schemas.ogf.org/occi/infrastructure#compute')
const MICRO = 'http://occi-gateway.org/occi/infrastructure/resource_tpl#t2_micro'
beforeEach(async () => {
  app = occiApp()
  one = await created(app, 'X-OCCI-Attribute: occi.core.title="one"')
  two = await created(app, 'Category: t2_micro;scheme="http://occi-gateway.org/occi/infrastructure/resource_tpl#"')
})
const listed = async (path: string) =>
  (await app.ask('get', path).set('Accept', 'text/uri-list')).body
    .split('\n')
    .filter(Boolean)
    .map((url: string) => url.slice(BASE.length))
const live = () =>
  [...app.operations.computes.values()].filter(({ wish }) => wish.exists).map(({ id }) => `/compute/${id}`)

test.each(['/', '/mixin/', '/mixin/resource_tpl/', '/mixin/os_tpl/', '/mixin'])(
  'GET %s lists what lies below',
  async (path) => {
    expect(await listed(path)).toEqual(expect.arrayContaining([one, two]))
  },
)

test('DELETE / without a filter is refused, with one it deletes what GET lists', async () => {
  expect((await app.ask('delete', '/')).status).toBe(403)
  expect(live()).toEqual([one, two])
  expect((await app.ask('delete', `/?category=${encodeURIComponent(MICRO)}`)).status).toBe(200)
  expect(live()).toEqual([one])
  expect((await app.ask('delete', `/?category=${COMPUTE}`)).status).toBe(200)
  expect(live()).toEqual([])
})

test('filters of DELETE may stand in headers, as those of GET', async () => {
  const answer = app.ask('delete', '/').set('X-OCCI-Attribute', 'occi.core.title="one"')
  expect((await answer).status).toBe(200)
  expect(live()).toEqual([two])
})

test('where something below cannot be deleted, nothing is', async () => {
  expect((await app.ask('delete', '/mixin/')).status).toBe(403)
  const network = encodeURIComponent('http://schemas.ogf.org/occi/infrastructure#network')
  expect((await app.ask('delete', `/?category=${network}`)).status).toBe(403)
  expect(live()).toEqual([one, two])
})

test('a kind’s collection is deleted as far as its filter goes', async () => {
  expect((await app.ask('delete', '/compute/?attribute=occi.core.title&value=one')).status).toBe(200)
  expect(live()).toEqual([two])
})

test('of several attributes in the query each has to hold', async () => {
  const cores = '/compute/?attribute=occi.compute.cores&value=1'
  expect((await app.ask('delete', `${cores}&attribute=occi.core.title&value=one`)).status).toBe(200)
  expect(live()).toEqual([two])
  expect((await app.ask('delete', '/?attribute=occi.core.title')).status).toBe(400)
  expect((await app.ask('delete', '/compute/?value=one')).status).toBe(400)
  expect(live()).toEqual([two])
})

test.each(['/compute/?page=1&number=1', '/network/?number=1', `/?category=${COMPUTE}&page=1`, '/mixin/?page=1'])(
  'a page is not deleted and not acted on: %s',
  async (path) => {
    expect((await app.ask('delete', path)).status).toBe(400)
    expect((await app.ask('post', `${path}&action=stop`)).status).toBeGreaterThanOrEqual(400)
    expect(live()).toEqual([one, two])
    expect(app.operations.verbs).toEqual([])
  },
)

test('pages are separated by ; or &, on unbound paths too', async () => {
  const first = await listed('/?page=1;number=1')
  const second = await listed('/?page=2&number=1')
  expect([first, second]).toEqual([[one], [two]])
  expect(await listed('/mixin/?page=9;number=1')).toEqual([])
  expect((await app.ask('get', '/?number=1001')).status).toBe(413)
  expect((await app.ask('get', '/?page=x')).status).toBe(400)
})
