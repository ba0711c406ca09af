import { PROJECT } from '../../../support/callers'
import { BASE, created, type OcciApp, occiApp } from '../../../support/occi-app'

let app: OcciApp
let first: string
let second: string
const MICRO = 't2_micro;scheme="http://occi-gateway.org/occi/infrastructure/resource_tpl#"'
beforeEach(async () => {
  app = occiApp()
  first = await created(app, 'X-OCCI-Attribute: occi.core.title="one"')
  second = await created(app, `Category: ${MICRO};class="mixin"`)
})
const locations = async (path: string, headers: Readonly<Record<string, string>> = {}) => {
  const answer = await app.ask('get', path).set('Accept', 'text/uri-list').set(headers)
  expect(answer.status).toBe(200)
  return String(answer.body)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.slice(BASE.length))
}

test.each(['/compute/', '/compute', '//compute//', '/compute/?'])(
  '%s lists the computes, in order of creation',
  async (path) => {
    expect(await locations(path)).toEqual([first, second])
  },
)

test('each rendering of a collection', async () => {
  const get = (accept: string) => app.ask('get', '/compute/').set('Accept', accept)
  const urls = [BASE + first, BASE + second]
  expect((await get('text/plain')).body).toBe(urls.map((url) => `X-OCCI-Location: ${url}`).join('\n'))
  const occi = await get('text/occi')
  expect([occi.body, occi.headers['x-occi-location']]).toEqual(['OK', urls.join(', ')])
  expect((await get('text/uri-list')).body).toBe(urls.join('\n'))
  const { resources } = JSON.parse((await get('application/occi+json')).body)
  expect(resources).toMatchObject([{ title: 'one' }, { id: `urn:uuid:${second.slice('/compute/'.length)}` }])
})

test('mixins list their members, a base those of all that depend on it', async () => {
  expect(await locations('/mixin/resource_tpl/t2_micro/')).toEqual([second])
  expect(await locations('/mixin/resource_tpl/t2_nano/')).toEqual([first])
  expect(await locations('/mixin/resource_tpl/m1_small/')).toEqual([])
  expect(await locations('/mixin/resource_tpl/')).toEqual([first, second])
  expect(await locations('/mixin/os_tpl/')).toEqual([first, second])
  expect(await locations('/mixin/ipnetwork/')).toEqual(['/network/dddddddd-0000-4000-8000-000000000001'])
  expect(await locations('/mixin/user_data/')).toEqual([])
})

test('/ lists everything, an unbound path what lies below it', async () => {
  const all = await locations('/')
  expect(all.slice(0, 3)).toEqual([first, second, '/network/dddddddd-0000-4000-8000-000000000001'])
  expect(all.slice(3)).toEqual([
    expect.stringMatching(/^\/networkinterface\//),
    expect.stringMatching(/^\/networkinterface\//),
    `/securitygroup/${PROJECT}`,
  ])
  expect(await locations('/mixin/')).toEqual(all.slice(0, -1))
  const json = JSON.parse((await app.ask('get', '/').set('Accept', 'application/json')).body)
  expect([json.resources.length, json.links.length]).toEqual([4, 2])
})

test('collections without members', async () => {
  for (const path of ['/resource/', '/link/']) expect(await locations(path)).toEqual([])
  expect((await app.ask('get', '/link/').set('Accept', 'application/json')).body).toBe('{"resources":[]}')
})

describe('filters', () => {
  test('by mixin, by attribute, by both, in headers and in the query', async () => {
    expect(await locations('/compute/', { Category: MICRO })).toEqual([second])
    expect(await locations('/', { Category: MICRO })).toEqual([second])
    expect(await locations('/compute/', { 'X-OCCI-Attribute': 'occi.core.title="one"' })).toEqual([first])
    expect(await locations('/compute/', { Category: MICRO, 'X-OCCI-Attribute': 'occi.core.title="one"' })).toEqual([])
    expect(await locations('/compute/?attribute=occi.core.title&value=one')).toEqual([first])
  })

  test('an unknown category keeps none, nonsense is 400', async () => {
    expect(await locations('/compute/', { Category: 'gone;scheme="http://e#"' })).toEqual([])
    expect((await app.ask('get', '/compute/').set('Category', 'nonsense')).status).toBe(400)
  })

  test('a DELETE of a collection deletes what the filter keeps', async () => {
    expect((await app.ask('delete', '/compute/').set('Category', MICRO)).status).toBe(200)
    expect(await locations('/compute/')).toEqual([first])
  })
})

test('pages, separated by & or ;', async () => {
  expect(await locations('/compute/?page=1&number=1')).toEqual([first])
  expect(await locations('/compute/?page=2;number=1')).toEqual([second])
  expect(await locations('/compute/?page=3;number=1')).toEqual([])
  expect((await app.ask('get', '/compute/?page=1&number=5000')).status).toBe(413)
  expect((await app.ask('get', '/compute/?page=x')).status).toBe(400)
})

test('DELETE of the computes deletes those of the caller alone', async () => {
  const bobs = await app
    .ask('post', '/compute/')
    .set('x-test-user', 'bob')
    .send('Category: compute;scheme="http://schemas.ogf.org/occi/infrastructure#"')
    .set('Content-Type', 'text/plain')
  expect((await app.ask('delete', '/compute/')).status).toBe(200)
  expect(await locations('/compute/')).toEqual([])
  expect((await app.ask('delete', '/compute/')).status).toBe(200)
  const path = String(bobs.headers.location).slice(BASE.length)
  expect((await app.ask('get', path).set('x-test-user', 'bob')).status).toBe(200)
})

describe('text/occi has an end', () => {
  const fill = (count: number) => {
    const [one] = app.operations.computes.values()
    if (one === undefined) throw new Error('there is one')
    for (let n = 1; n <= count; n += 1) {
      const id = `22222222-2222-4333-8444-${String(n).padStart(12, '0')}` as typeof one.id
      app.operations.computes.set(id, { ...one, id })
    }
  }
  const get = (accept: string) => app.ask('get', '/compute/').set('Accept', accept)

  test('a thousand do not fit: 406 names text/plain, which takes them', async () => {
    fill(998)
    const answer = await get('text/occi')
    expect(answer.status).toBe(406)
    expect(answer.body).toContain('text/plain')
    expect(String((await get('text/plain')).body).split('\n')).toHaveLength(1000)
  })
})

describe('the query interface', () => {
  const filtered = (category: string) => app.ask('get', '/-/').set('Category', category)

  test.each(['/-/', '//-/', '/-', '/.well-known/org/ogf/occi/-/'])('%s', async (path) => {
    const answer = await app.ask('get', path)
    expect(answer.status).toBe(200)
    expect(answer.body).toBe((await app.ask('get', '/-/')).body)
  })

  test('a filter gives exactly what it names, with and without class', async () => {
    const compute = 'compute;scheme="http://schemas.ogf.org/occi/infrastructure#"'
    for (const category of [compute, `${compute};class="kind"`]) {
      const { body } = await filtered(category)
      expect(String(body).split('\n')).toEqual([expect.stringMatching(/^Category: compute;/)])
    }
    expect(String((await filtered(`${compute}, ${MICRO}`)).body).split('\n')).toHaveLength(2)
  })

  test('an unknown category is 404, nonsense 400, text/uri-list 400', async () => {
    expect((await filtered('x;scheme="http://e#"')).status).toBe(404)
    expect((await filtered('nonsense')).status).toBe(400)
    expect((await app.ask('get', '/-/').set('Accept', 'text/uri-list')).status).toBe(400)
  })

  test('it needs credentials', async () => {
    expect((await app.ask('get', '/-/').set('x-test-user', 'nobody')).status).toBe(401)
  })
})
