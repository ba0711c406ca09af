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
    [
      'another size and title while it runs',
      ['X-OCCI-Attribute: occi.compute.cores=2,occi.core.title="x"'],
      409,
      'only while the machine is stopped',
    ],
    [
      'another template while it runs',
      ['Category: t2_micro;scheme="http://occi-gateway.org/occi/infrastructure/resource_tpl#"'],
      409,
      'only while the machine is stopped',
    ],
    [
      'another image',
      ['Category: ami-00000000000000002;scheme="http://occi-gateway.org/occi/infrastructure/os_tpl#"'],
      501,
      'os_tpl#ami-00000000000000002',
    ],
    ['user data afterwards', ['X-OCCI-Attribute: occi.compute.userdata="x"'], 501, 'user data'],
    ['a state that there is not', ['X-OCCI-Attribute: occi.compute.state="asleep"'], 403, 'occi.compute.state'],
    ['another architecture', ['X-OCCI-Attribute: occi.compute.architecture="x86"'], 501, 'occi.compute.architecture'],
    ['its own architecture', ['X-OCCI-Attribute: occi.compute.architecture="x64"'], 200, 'Category: compute;'],
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
    expect(app.operations.computes.get(idOf())?.wish.size.cores).toBe(1)
  })

  const attributes = (...pairs: readonly string[]) => pairs.map((pair) => `X-OCCI-Attribute: ${pair}`).join('\n')
  const shown = async () => JSON.parse((await app.ask('get', path).set('Accept', 'application/json')).body)

  test('a partial POST changes what it names', async () => {
    const answer = await send(
      'post',
      attributes('occi.core.title="How\'s your quotes escaping? \\", occi.compute.memory=1.0"'),
    )
    expect(answer.status).toBe(200)
    expect(answer.body).toContain('occi.core.title="How\'s your quotes escaping? \\", occi.compute.memory=1.0"')
    await send('post', attributes('occi.compute.hostname="web2.example.org"', 'occi.compute.share=7'))
    expect(await shown()).toMatchObject({
      title: 'How\'s your quotes escaping? ", occi.compute.memory=1.0',
      summary: 'a, "b"',
      attributes: { 'occi.compute.hostname': 'web2.example.org', 'occi.compute.share': 7 },
    })
    await send('post', attributes('occi.core.summary=""'))
    expect(await shown()).not.toHaveProperty('summary')
  })

  test('a PUT drops what it does not name', async () => {
    await send('post', attributes('occi.compute.hostname="web2.example.org"'))
    expect((await send('put', `${COMPUTE_KIND}\n${attributes('occi.core.title="two"')}`)).status).toBe(200)
    const { title, summary, attributes: has } = await shown()
    expect([title, summary, has['occi.compute.hostname']]).toEqual(['two', undefined, undefined])
  })

  test('JSON: title beside the attributes, and only mixins as rOCCI 5 posts them', async () => {
    const mixin = { term: 'blue', scheme: 'https://a.example/ann#', location: '/blue/' }
    await app.ask('post', '/-/').set('Content-Type', 'application/json').send(JSON.stringify(mixin))
    const tagged = await send('post', JSON.stringify({ mixins: ['https://a.example/ann#blue'] }), 'application/json')
    expect([tagged.status, JSON.parse(tagged.body).mixins]).toEqual([
      200,
      expect.arrayContaining(['https://a.example/ann#blue']),
    ])
    const renamed = await send('post', JSON.stringify({ title: 'three', attributes: {} }), 'application/json')
    expect(JSON.parse(renamed.body)).toMatchObject({ title: 'three', summary: 'a, "b"' })
    const { body } = await app.ask('get', path).set('Accept', 'application/json')
    const { mixins, ...rest } = JSON.parse(body)
    const less = { ...rest, mixins: mixins.filter((id: string) => !id.includes('#blue')) }
    expect(JSON.parse((await send('put', JSON.stringify(less), 'application/json')).body).mixins).toEqual(less.mixins)
    expect((await app.ask('get', '/blue/')).body).toBe('')
  })

  test('several entities for the path of one are refused', async () => {
    const body = JSON.stringify({ resources: [{ title: 'a' }, { title: 'b' }] })
    expect((await send('post', body, 'application/json')).status).toBe(400)
    expect((await send('put', body, 'application/json')).status).toBe(400)
    expect(await shown()).toMatchObject({ title: 'web one' })
  })

  const LATER = [
    ['stopped', () => app.ask('post', `${path}?action=stop`)],
    ['suspended', () => app.ask('post', `${path}?action=suspend`)],
    ['failed', () => fail()],
    ['without a place', () => homeless()],
  ] as const
  const fail = async () =>
    app.operations.change(idOf(), { journal: { failed: { message: 'the disk is full', at: 1, retries: 0 } } })
  const homeless = async () => app.operations.change(idOf(), { place: { host: null, zone: null, simulated: false } })

  test.each(LATER)('§13.12: what GET gave may be PUT back, also once it is %s', async (_name, happens) => {
    for (const type of ['text/plain', 'application/occi+json']) {
      const before = await app.ask('get', path).set('Accept', type)
      await happens()
      expect((await send('put', before.body, type)).status).toBe(200)
      await app.ask('post', `${path}?action=start`)
    }
  })

  test('a zone that placement chose may be sent back once it is another one, but no zone can be ordered', async () => {
    const zone = (name: string) =>
      `Category: ${name};scheme="http://occi-gateway.org/occi/infrastructure/availability_zone#"`
    const { body } = await app.ask('get', path)
    expect(body).toContain('Category: local-1a;')
    app.operations.change(idOf(), { place: { zone: 'local-1b' } })
    expect((await send('put', String(body))).status).toBe(200)
    expect((await send('post', zone('local-1b'))).status).toBe(200)
    expect((await send('post', zone('local-1c'))).status).toBe(501)
    app.operations.change(idOf(), { wish: { zone: 'local-1b' } })
    expect((await send('put', `${COMPUTE_KIND}\n${zone('local-1c')}`)).status).toBe(501)
  })

  test('a partial POST that names a state orders it, and states are changed by actions', async () => {
    expect((await send('post', attributes('occi.compute.state="active"'))).status).toBe(200)
    expect((await send('post', attributes('occi.compute.state="suspended"'))).status).toBe(403)
  })

  test('a machine of another project or of nobody is not there', async () => {
    const theirs = send('post', attributes('occi.core.title="x"')).set('x-test-user', 'bob')
    expect((await theirs).status).toBe(404)
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
    expect((await send('post', link)).status).toBe(404)
  })

  describe('an order of another gateway that arrives again', () => {
    const from = { order: '2b1d3a52-1f0e-4b0a-9f7e-0c5d6a3e7f0c', path: ['north', 'south'], project: 'tag-1' }
    const said = (project = from.project) => {
      const told = { order: from.order, path: from.path.join(' '), project, signature: '00ff' }
      const signed = Object.entries(told).map(([name, value]) => `org.occi-gateway.federation.${name}="${value}"`)
      const mixin = 'Category: order;scheme="http://occi-gateway.org/occi/federation#";class="mixin"'
      return [COMPUTE_KIND, mixin, attributes(...signed, 'occi.core.title="again"')].join('\n')
    }

    beforeEach(() => app.operations.change(idOf(), { wish: { origin: from } }))

    test('is the same compute, though its signature is never shown', async () => {
      const again = await send('put', said())
      expect([again.status, again.body]).toEqual([200, expect.stringContaining('occi.core.title="again"')])
      expect(again.body).not.toContain('signature')
      expect(app.operations.orders).toHaveLength(1)
    })

    test('is refused where it is of another machine or project, or changes a part of one that is there', async () => {
      expect((await send('post', said())).status).toBe(501)
      const other = await send('put', said('tag-2'))
      expect([other.status, other.body]).toEqual([501, expect.stringContaining('federation.project')])
      app.operations.change(idOf(), { wish: { origin: { ...from, order: 'another' } } })
      expect((await send('put', said())).status).toBe(501)
    })
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
