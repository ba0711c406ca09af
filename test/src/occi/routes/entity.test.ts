import { COMPUTE_KIND, created, type OcciApp, occiApp } from '../../../support/occi-app'

let app: OcciApp
let path: string
beforeEach(async () => {
  app = occiApp()
  path = await created(
    app,
    'X-OCCI-Attribute: occi.core.title="web one"',
    'X-OCCI-Attribute: occi.core.summary="a, \\"b\\""',
  )
})
const idOf = () => path.slice('/compute/'.length)

test.each(['get', 'head'] as const)('%s', async (method) => {
  const answer = await app.ask(method, path)
  expect(answer.status).toBe(200)
  expect(Number(answer.headers['content-length'])).toBeGreaterThan(500)
  expect(answer.headers.link).toBeUndefined()
})

test("another project's machine, a nonsense id and a path below are nowhere", async () => {
  const answers = [
    await app.ask('get', path).set('x-test-user', 'bob'),
    await app.ask('delete', path).set('x-test-user', 'bob'),
    await app.ask('post', `${path}?action=stop`).set('x-test-user', 'bob'),
    await app.ask('get', '/compute/nonsense'),
    await app.ask('get', `${path}/more`),
    await app.ask('get', `/network/${idOf()}`),
    await app.ask('get', '/networkinterface/x'),
    await app.ask('get', `/compute%2F${idOf()}`),
  ]
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 404))
})

test('its network and its interface can be read', async () => {
  const { links } = JSON.parse((await app.ask('get', path).set('Accept', 'application/json')).body)
  const [link] = links
  const nic = await app
    .ask('get', `/networkinterface/${String(link.id).replace('urn:uuid:', '')}`)
    .set('Accept', 'application/json')
  expect(JSON.parse(nic.body)).toEqual(link)
  const network = await app.ask('get', link.target.location).set('Accept', 'application/json')
  expect(JSON.parse(network.body)).toMatchObject({
    title: 'Default network',
    attributes: { 'occi.network.address': '10.0.0.0/16', 'occi.network.state': 'active' },
  })
})

describe('delete', () => {
  test('it is gone at once, and a second time finds nothing', async () => {
    expect((await app.ask('delete', path)).status).toBe(200)
    expect((await app.ask('get', path)).status).toBe(404)
    expect((await app.ask('delete', path)).status).toBe(404)
    expect((await app.ask('get', '/compute/')).body).toBe('')
    expect((await app.ask('get', '/networkinterface/')).body).toBe('')
  })

  test('JSON has nothing to say', async () => {
    const answer = await app.ask('delete', path).set('Accept', 'application/json')
    expect([answer.status, answer.body]).toEqual([204, ''])
  })

  test('a rendering that cannot be had leaves the machine alone', async () => {
    expect((await app.ask('delete', path).set('Accept', 'image/png')).status).toBe(406)
    expect((await app.ask('get', path)).status).toBe(200)
  })
})

describe('PUT and partial POST on what is there', () => {
  const send = (method: 'put' | 'post', body: string, type = 'text/plain') =>
    app.ask(method, path).set('Content-Type', type).set('Accept', type).send(body)

  test.each(['text/plain', 'application/occi+json', 'application/json'])(
    'PUT of what GET gave, as %s',
    async (type) => {
      const { body } = await app.ask('get', path).set('Accept', type)
      const answer = await send('put', body, type)
      expect([answer.status, answer.body]).toEqual([200, body])
      expect(answer.headers['content-type']).toContain(type)
    },
  )

  test('PUT of what GET gave, as text/occi', async () => {
    const { headers } = await app.ask('get', path).set('Accept', 'text/occi')
    const answer = await app
      .ask('put', path)
      .set('Content-Type', 'text/occi')
      .set('Accept', 'text/occi')
      .set('Category', String(headers.category))
      .set('Link', String(headers.link))
      .set('X-OCCI-Attribute', String(headers['x-occi-attribute']))
    expect([answer.status, answer.body]).toEqual([200, 'OK'])
  })

  test.each<[string, readonly string[], number, string]>([
    ['nothing new', ['X-OCCI-Attribute: occi.core.title="web one"'], 200, 'Category: compute;'],
    ['attributes that nobody knows', ['X-OCCI-Attribute: example.test="x"'], 200, 'Category: compute;'],
    [
      'an older message of its state',
      ['X-OCCI-Attribute: occi.compute.state.message="waits"'],
      200,
      'Category: compute;',
    ],
    ['another title', ['X-OCCI-Attribute: occi.core.title="web two"'], 501, 'occi.core.title'],
    [
      'another size and title',
      ['X-OCCI-Attribute: occi.compute.cores=2,occi.core.title="x"'],
      501,
      'occi.compute.cores, occi.core.title',
    ],
    [
      'another template',
      ['Category: t2_micro;scheme="http://occi-gateway.org/occi/infrastructure/resource_tpl#"'],
      501,
      't2_micro',
    ],
    ['user data afterwards', ['X-OCCI-Attribute: occi.compute.userdata="x"'], 501, 'user data'],
    ['another state', ['X-OCCI-Attribute: occi.compute.state="suspended"'], 403, 'occi.compute.state'],
    ['another id', ['X-OCCI-Attribute: occi.core.id="urn:uuid:x"'], 403, 'occi.core.id'],
    ['another name in EC2', ['X-OCCI-Attribute: org.occi-gateway.instance.name="i-1"'], 403, 'instance.name'],
    ['an attribute of storage', ['X-OCCI-Attribute: occi.storage.size=1'], 404, 'occi.storage.size'],
    ['a mixin that nobody knows', ['Category: x;scheme="http://e#"'], 404, 'http://e#x'],
  ])('%s', async (_name, lines, status, told) => {
    for (const method of ['put', 'post'] as const) {
      const answer = await send(method, [COMPUTE_KIND, ...lines].join('\n'))
      expect([method, answer.status]).toEqual([method, status])
      expect(answer.body).toContain(told)
    }
    expect((await app.ask('get', path)).body).toContain('occi.core.title="web one"')
  })

  test('a PUT needs its kind, a partial POST does not; neither changes it', async () => {
    const title = 'X-OCCI-Attribute: occi.core.title="web one"'
    expect((await send('put', title)).status).toBe(400)
    expect((await send('post', title)).status).toBe(200)
    const network = COMPUTE_KIND.replace('compute', 'network')
    expect([(await send('put', network)).status, (await send('post', network)).status]).toEqual([403, 403])
  })

  test('links in a PUT are left alone, in a partial POST they are an order', async () => {
    const link = 'Link: </network/9>;rel="http://schemas.ogf.org/occi/infrastructure#network"'
    expect((await send('put', `${COMPUTE_KIND}\n${link}`)).status).toBe(200)
    expect((await send('post', link)).status).toBe(501)
  })

  test('the same user data again is nothing new', async () => {
    const other = await created(app, 'X-OCCI-Attribute: occi.compute.userdata="#!/bin/sh"')
    const again = await app
      .ask('put', other)
      .send(`${COMPUTE_KIND}\nX-OCCI-Attribute: occi.compute.userdata="#!/bin/sh"`)
      .set('Content-Type', 'text/plain')
    expect(again.status).toBe(200)
  })
})

test('a client of 1.1 is shown inactive where 1.2 says error, and may send back what it got', async () => {
  app.operations.change(idOf(), { journal: { failed: { message: 'the disk is full', at: 1, retries: 0 } } })
  const old = await app.ask('get', path).set('User-Agent', 'x OCCI/1.1')
  expect(old.body).toContain('occi.compute.state="inactive"')
  expect(old.body).toContain('occi.compute.state.message="the disk is full"')
  expect((await app.ask('get', path)).body).toContain('occi.compute.state="error"')
  const back = await app
    .ask('put', path)
    .set('User-Agent', 'x OCCI/1.1')
    .set('Content-Type', 'text/plain')
    .send(old.body)
  expect(back.status).toBe(200)
})
