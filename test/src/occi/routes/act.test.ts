import { created, type OcciApp, occiApp } from '../../../support/occi-app'

let app: OcciApp
let path: string
beforeEach(async () => {
  app = occiApp()
  path = await created(app)
})
const category = (term: string) =>
  `Category: ${term};scheme="http://schemas.ogf.org/occi/infrastructure/compute/action#";class="action"`
const act = (where: string, term: string, accept = 'text/plain') =>
  app.ask('post', `${where}?action=${term}`).set('Accept', accept)
const state = async () => /occi\.compute\.state="(\w+)"/.exec((await app.ask('get', path)).body)?.[1]

test('stop, start, suspend, start, restart: the state follows', async () => {
  const states: (string | undefined)[] = []
  for (const term of ['stop', 'start', 'suspend', 'start', 'restart']) {
    const answer = await act(path, term)
    expect([term, answer.status, answer.body]).toEqual([term, 200, 'OK'])
    states.push(await state())
  }
  expect(states).toEqual(['inactive', 'active', 'suspended', 'active', 'active'])
})

test('a method goes through, in each rendering', async () => {
  const text = `${category('stop')}\nX-OCCI-Attribute: method="poweroff"`
  expect((await act(path, 'stop').set('Content-Type', 'text/plain').send(text)).status).toBe(200)
  await act(path, 'start')
  const json = JSON.stringify({
    action: 'http://schemas.ogf.org/occi/infrastructure/compute/action#stop',
    attributes: { method: 'poweroff' },
  })
  expect((await act(path, 'stop').set('Content-Type', 'application/occi+json').send(json)).status).toBe(200)
  await act(path, 'start')
  const occi = act(path, 'stop').set('Content-Type', 'text/occi').set('Category', category('stop').slice(10))
  expect((await occi.set('X-OCCI-Attribute', 'method="poweroff"')).status).toBe(200)
  const stops = app.operations.verbs.filter(({ input }) => (input as { to?: string }).to === 'off')
  expect(stops.map(({ input }) => (input as { how?: string }).how)).toEqual(['hard', 'hard', 'hard'])
})

test('JSON gets the rendering as it is afterwards', async () => {
  const answer = await act(path, 'stop', 'application/occi+json')
  expect(answer.headers['content-type']).toBe('application/occi+json')
  expect(JSON.parse(answer.body)).toMatchObject({ attributes: { 'occi.compute.state': 'inactive' } })
})

test('a state that does not allow it: 409, naming what is allowed', async () => {
  const answer = await act(path, 'start')
  expect(answer.status).toBe(409)
  expect(answer.body).toContain('accepted: stop, restart, suspend, save')
  const json = await act(path, 'start', 'application/json')
  expect(JSON.parse(json.body)).toMatchObject({
    code: 409,
    kind: 'state',
    allowed: ['stop', 'restart', 'suspend', 'save'],
  })
})

test.each<[string, string, string, number]>([
  ['a method that there is not', 'stop', `${category('stop')}\nX-OCCI-Attribute: method="gently"`, 400],
  ['query and body disagree', 'stop', category('start'), 400],
  ['no such action', 'explode', '', 404],
  ['no term', '', '', 404],
])('%s', async (_name, term, body, status) => {
  expect((await act(path, term).set('Content-Type', 'text/plain').send(body)).status).toBe(status)
  expect(await state()).toBe('active')
})

test('two actions in one query are refused', async () => {
  expect((await app.ask('post', `${path}?action=stop&action=start`)).status).toBe(400)
})

test('an action in the body alone is refused, and says how it goes', async () => {
  const answer = await app.ask('post', path).set('Content-Type', 'text/plain').send(category('stop'))
  expect([answer.status, await state()]).toEqual([400, 'active'])
  expect(answer.body).toContain('?action=stop')
})

test('a rendering that cannot be had leaves the machine alone', async () => {
  expect((await act(path, 'stop', 'text/uri-list')).status).toBe(400)
  expect((await act(path, 'stop', 'text/html')).status).toBe(406)
  expect(await state()).toBe('active')
})

describe('on a collection', () => {
  test('all members, in one call', async () => {
    await created(app)
    expect((await act('/compute/', 'stop')).status).toBe(200)
    expect(app.operations.verbs).toMatchObject([{ name: 'setPower', input: { ids: { length: 2 } } }])
  })

  test('all or nothing: one that cannot is named, and nothing changes', async () => {
    const other = await created(app)
    await act(other, 'stop')
    const answer = await act('/compute/', 'stop')
    expect([answer.status, await state()]).toEqual([409, 'active'])
    expect(answer.body).toContain(other.slice('/compute/'.length))
  })

  test('of a template: its members only', async () => {
    const small = '/mixin/resource_tpl/t2_micro/'
    const micro = await created(
      app,
      'Category: t2_micro;scheme="http://occi-gateway.org/occi/infrastructure/resource_tpl#";class="mixin"',
    )
    expect((await act(small, 'stop')).status).toBe(200)
    expect((await app.ask('get', micro)).body).toContain('state="inactive"')
    expect(await state()).toBe('active')
  })

  test('an empty one is done at once', async () => {
    await app.ask('delete', path)
    const answer = await act('/compute/', 'stop', 'application/json')
    expect([answer.status, answer.body]).toEqual([200, '{"resources":[]}'])
    expect((await act('/compute/', 'explode')).status).toBe(404)
  })

  test('more than a thousand: 413, and nothing changes', async () => {
    const [one] = app.operations.computes.values()
    if (one === undefined) throw new Error('there is one')
    for (let n = 1; n <= 1000; n += 1) {
      const id = `22222222-2222-4333-8444-${String(n).padStart(12, '0')}` as typeof one.id
      app.operations.computes.set(id, { ...one, id })
    }
    expect((await act('/compute/', 'stop')).status).toBe(413)
    expect((await app.ask('delete', '/compute/')).status).toBe(413)
    expect(app.operations.verbs).toEqual([])
    expect(await state()).toBe('active')
  })
})

test('text/occi on a collection: the action in the headers is no filter, the query may be one', async () => {
  const app = occiApp()
  const one = await created(app, 'X-OCCI-Attribute: occi.core.title="one"')
  const two = await created(app)
  const stop = (query = '') =>
    app
      .ask('post', `/compute/?action=stop${query}`)
      .set('Content-Type', 'text/occi')
      .set('Category', 'stop; scheme="http://schemas.ogf.org/occi/infrastructure/compute/action#"; class="action"')
      .set('X-OCCI-Attribute', 'method="graceful"')
  const state = async (path: string) => /compute\.state="(\w+)"/.exec((await app.ask('get', path)).body)?.[1]
  expect((await stop('&attribute=occi.core.title&value=one')).status).toBe(200)
  expect([await state(one), await state(two)]).toEqual(['inactive', 'active'])
  expect((await stop('&attribute=occi.core.title&value=three')).status).toBe(200)
  expect((await stop()).status).toBe(409)
  await app.ask('post', `${one}?action=start`)
  expect((await stop()).status).toBe(200)
  expect([await state(one), await state(two)]).toEqual(['inactive', 'inactive'])
})
