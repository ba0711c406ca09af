/** What real clients and suites demand: numbered (§13.1 and on), so that other tests and files can name them. */
import { BASE, COMPUTE_KIND, created, type OcciApp, occiApp } from '../../support/occi-app'

let app: OcciApp
beforeEach(() => {
  app = occiApp()
})
const get = (path: string, accept = 'text/plain') => app.ask('get', path).set('Accept', accept)
const create = (body: string, accept = 'text/plain') =>
  app.ask('post', '/compute/').set('Content-Type', 'text/plain').set('Accept', accept).send(body)
const model = async () => JSON.parse((await get('/-/', 'application/occi+json')).body)

describe('locations and URLs', () => {
  test('§13.1 a category location is a path that ends in a slash', async () => {
    const { kinds, mixins } = await model()
    for (const { term, location } of [...kinds, ...mixins])
      if (term !== 'entity') expect(location).toMatch(/^\/([a-z0-9._-]+\/)+$/)
  })

  test('§13.2 entity URLs are absolute and begin with what the client typed', async () => {
    const { headers, body } = await app
      .ask('post', '/compute/')
      .set('Host', 'other.example:8787')
      .set('Content-Type', 'text/plain')
      .send(COMPUTE_KIND)
    expect(headers.location).toMatch(/^http:\/\/other\.example:8787\/compute\//)
    expect(body).toContain(headers.location)
    const listed = await get('/compute/').set('Host', 'other.example:8787')
    expect(listed.body).toBe(`X-OCCI-Location: ${headers.location}`)
  })

  test('§13.3 paths tell kinds apart', async () => {
    await created(app)
    const { body } = await get('/', 'text/uri-list')
    expect(
      String(body)
        .split('\n')
        .map((url) => url.split('/')[3]),
    ).toEqual(['compute', 'network', 'networkinterface', 'securitygroup'])
  })

  test('§13.4 doubled slashes and a missing final slash are forgiven', async () => {
    const path = await created(app)
    for (const other of ['//-/', '//compute/', '/compute', `/${path}`, path.replace('/compute/', '/compute//')])
      expect([other, (await get(other)).status]).toEqual([other, 200])
    const posted = await app.ask('post', '/compute').set('Content-Type', 'text/plain').send(COMPUTE_KIND)
    expect(posted.status).toBe(201)
  })

  test('§13.5 the id is urn:uuid:X, the URL /compute/X', async () => {
    const path = await created(app)
    const { id } = JSON.parse((await get(path, 'application/occi+json')).body)
    expect(path).toBe(`/compute/${String(id).replace('urn:uuid:', '')}`)
  })
})

describe('creation', () => {
  test('§13.6 exactly 201, Location, a body without a final newline, the type that was asked for', async () => {
    const { status, headers, body } = await create(COMPUTE_KIND)
    expect(status).toBe(201)
    expect(body).toBe(`X-OCCI-Location: ${headers.location}`)
    expect(headers['content-type']).toContain('text/plain')
    expect((await create(COMPUTE_KIND, 'text/occi')).headers['content-type']).toBe('text/occi')
    expect((await create(COMPUTE_KIND, 'application/occi+json')).headers['content-type']).toBe('application/occi+json')
  })

  test('§13.7 a client id, a state and what a link says of itself are left out', async () => {
    const body = [
      COMPUTE_KIND,
      'X-OCCI-Attribute: occi.core.id="i am no uri"',
      'X-OCCI-Attribute: occi.compute.state="active"',
      'Link: </network/dddddddd-0000-4000-8000-000000000001>;rel="http://schemas.ogf.org/occi/infrastructure#network";self="/x/1";category="http://schemas.ogf.org/occi/infrastructure#networkinterface";occi.core.id="x";occi.core.source="/compute/not-yet"',
    ].join('\n')
    const { status, headers } = await create(body)
    expect(status).toBe(201)
    expect(headers.location).toMatch(/\/compute\/[0-9a-f-]{36}$/)
  })

  test('§13.8 what is required and not immutable is among what pOCCI can fill in, and nothing is for a compute', async () => {
    const { kinds } = await model()
    const required = kinds.flatMap(
      ({ term, attributes }: { term: string; attributes?: Record<string, { required: boolean; mutable: boolean }> }) =>
        Object.entries(attributes ?? {})
          .filter(([, one]) => one.required && one.mutable)
          .map(([name]) => ({ term, name })),
    )
    const fillable = [
      ...['occi.core.title', 'occi.core.source', 'occi.core.target'],
      ...['occi.storage.size', 'occi.storagelink.deviceid'],
    ]
    for (const { name } of required) expect(fillable).toContain(name)
    expect(required.filter(({ term }: { term: string }) => term === 'compute')).toEqual([])
  })

  test('§13.9 no template is needed', async () => {
    expect((await create(COMPUTE_KIND)).status).toBe(201)
  })

  test('§13.10 an unknown architecture is 400', async () => {
    expect((await create(`${COMPUTE_KIND}\nX-OCCI-Attribute: occi.compute.architecture="arch"`)).status).toBe(400)
  })
})

describe('networks', () => {
  test('§13.11 no network is ambiguous here: without a link there is one, with a link that one', async () => {
    const bare = await created(app)
    const link = `Link: </network/dddddddd-0000-4000-8000-000000000001>;rel="http://schemas.ogf.org/occi/infrastructure#network";category="http://schemas.ogf.org/occi/infrastructure#networkinterface"`
    const linked = await created(app, link)
    for (const path of [bare, linked])
      expect((await get(path)).body).toContain('Link: </network/dddddddd-0000-4000-8000-000000000001>;')
  })
})

describe('update and delete', () => {
  test('§13.12 PUT of exactly what GET gave succeeds; another value of an immutable attribute is 403', async () => {
    const path = await created(app, 'X-OCCI-Attribute: occi.core.title="t"')
    const { body } = await get(path)
    const put = (text: string) => app.ask('put', path).set('Content-Type', 'text/plain').send(text)
    expect((await put(body)).status).toBe(200)
    expect((await put(String(body).replace(/instance\.name="i-[^"]+"/, 'instance.name="i-1"'))).status).toBe(403)
    expect((await put(String(body).replace('compute.state="active"', 'compute.state="asleep"'))).status).toBe(403)
  })

  test('§13.13 after DELETE it is 404 at once; deleting twice does not break', async () => {
    const path = await created(app)
    expect((await app.ask('delete', path)).status).toBe(200)
    expect((await get(path)).status).toBe(404)
    expect((await app.ask('delete', path)).status).toBe(404)
  })

  test('§13.14 a storage in use is 409 until its link is gone; what is gone is 404', async () => {
    const compute = await created(app)
    const scheme = 'scheme="http://schemas.ogf.org/occi/infrastructure#"; class="kind"'
    const post = async (path: string, ...lines: readonly string[]) => {
      const { status, headers } = await app.ask('post', path).set('Content-Type', 'text/plain').send(lines.join('\n'))
      expect(status).toBe(201)
      return String(headers.location).slice(BASE.length)
    }
    const storage = await post('/storage/', `Category: storage; ${scheme}`, 'X-OCCI-Attribute: occi.storage.size=1.0')
    const ends = [`source="${BASE}${compute}"`, `target="${BASE}${storage}"`]
    const link = await post(
      '/storagelink/',
      `Category: storagelink; ${scheme}`,
      ...ends.map((end) => `X-OCCI-Attribute: occi.core.${end}`),
    )
    expect((await app.ask('delete', storage)).status).toBe(409)
    expect([200, 204]).toContain((await app.ask('delete', link)).status)
    expect((await get(link)).status).toBe(404)
    expect((await app.ask('delete', storage)).status).toBe(200)
    expect((await get(storage)).status).toBe(404)
  })

  test('§13.15 deleting a compute deletes its links', async () => {
    const path = await created(app)
    const [url] = String((await get('/networkinterface/', 'text/uri-list')).body).split('\n')
    const link = String(url).slice(BASE.length)
    expect((await get(link)).status).toBe(200)
    await app.ask('delete', path)
    expect((await get(link)).status).toBe(404)
  })
})

describe('actions', () => {
  test('§13.16 200 and OK; the category may carry what the model shows of it', async () => {
    const path = await created(app)
    const shown = String((await get('/-/')).body)
      .split('\n')
      .find((line) => line.startsWith('Category: stop;'))
    const answer = await app.ask('post', `${path}?action=stop`).set('Content-Type', 'text/plain').send(shown)
    expect([answer.status, answer.body]).toEqual([200, 'OK'])
  })

  test("§13.17 IM's stop is suspend, its start is start from suspended", async () => {
    const path = await created(app)
    for (const term of ['suspend', 'start']) expect((await app.ask('post', `${path}?action=${term}`)).status).toBe(200)
    expect((await get(path)).body).toContain('occi.compute.state="active"')
  })
})

describe('listings', () => {
  test('§13.18 an empty collection is 200, with an empty body in text', async () => {
    const [text, json] = [await get('/compute/'), await get('/compute/', 'application/json')]
    expect([text.status, text.body, json.status, json.body]).toEqual([200, '', 200, '{"resources":[]}'])
  })

  test('§13.19 no leading blank line, no final newline', async () => {
    for (const path of ['/compute/', '/-/', '/', await created(app)])
      expect((await get(path)).body).not.toMatch(/^\s|\n$/)
  })

  test('§13.20 text/uri-list on every collection and on /', async () => {
    const { kinds, mixins } = await model()
    const paths = ['/', ...[...kinds, ...mixins].flatMap(({ location }) => (location === undefined ? [] : [location]))]
    for (const path of paths) {
      const answer = await get(path, 'text/uri-list')
      expect([path, answer.status, answer.headers['content-type']]).toEqual([path, 200, 'text/uri-list'])
    }
  })
})

describe('rendering', () => {
  test('§13.21 no Link header but those of text/occi', async () => {
    const path = await created(app)
    for (const [where, accept] of [
      ['/', 'text/plain'],
      ['/compute/?page=1&number=1', 'text/plain'],
      [path, 'application/json'],
    ] as const)
      expect((await get(where, accept)).headers.link).toBeUndefined()
  })

  test('§13.22 terms and attribute names have no capitals and terms no dot', async () => {
    const { kinds, mixins, actions } = await model()
    for (const { term, attributes } of [...kinds, ...mixins, ...actions]) {
      expect(term).toMatch(/^[a-z][a-z0-9_-]*$/)
      for (const name of Object.keys(attributes ?? {})) expect(name).toBe(name.toLowerCase())
    }
  })

  test('§13.23 nothing empty is shown; JSON entities have attributes, definitions their three words', async () => {
    const path = await created(app)
    expect((await get('/-/')).body).not.toMatch(/(attributes|actions)=""/)
    const { kinds, mixins, actions } = await model()
    for (const one of [...kinds, ...mixins, ...actions]) {
      for (const value of Object.values(one)) if (Array.isArray(value)) expect(value).not.toEqual([])
      for (const definition of Object.values(one.attributes ?? {}))
        expect(definition).toMatchObject({
          mutable: expect.any(Boolean),
          required: expect.any(Boolean),
          type: expect.any(String),
        })
    }
    const entity = JSON.parse((await get(path, 'application/json')).body)
    for (const one of [entity, ...entity.links]) expect(Object.keys(one.attributes).length).toBeGreaterThan(0)
  })

  test('§13.24 no pattern in JSON', async () => {
    expect((await get('/-/', 'application/json')).body).not.toContain('"pattern"')
  })

  test('§13.25 no semicolon in a title, no comma in the values of text/occi', async () => {
    for (const [, title] of String((await get('/-/')).body).matchAll(/title="([^"]*)"/g))
      expect(title).not.toMatch(/[;,]/)
    const { headers } = await get(await created(app), 'text/occi')
    expect(
      String(headers.category)
        .split(',')
        .every((one) => /^[^;]+;scheme="[^"]+";class="[a-z]+"$/.test(one)),
    ).toBe(true)
  })

  test('§13.26 one blank behind the colon, none before the first semicolon', async () => {
    const path = await created(app)
    for (const where of ['/-/', path])
      for (const line of String((await get(where)).body).split('\n'))
        expect(line).toMatch(/^(Category: [a-z0-9_-]+;scheme="|Link: <[^>]+>;rel="|X-OCCI-Attribute: [a-z0-9._-]+=\S)/)
  })

  test('§13.27 a link has rel, self, category, then its attributes', async () => {
    const { body } = await get(await created(app))
    expect(body).toMatch(
      /^Link: <\/network\/[^>]+>;rel="[^"]+";self="\/networkinterface\/[^"]+";category="[^"]+";occi\.core\.id="/m,
    )
  })

  test('§13.28 memory is in GiB', async () => {
    const path = await created(app, 'X-OCCI-Attribute: occi.compute.memory=2.0')
    expect(app.operations.orders[0]?.memoryMiB).toBe(2048)
    expect((await get(path)).body).toContain('occi.compute.memory=2.0')
  })

  test('§13.29 user data is never shown; the newline of a key is taken off', async () => {
    const key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI me'
    const body = {
      kind: 'http://schemas.ogf.org/occi/infrastructure#compute',
      attributes: { 'occi.credentials.ssh.publickey': `${key}\n`, 'occi.compute.userdata': '#!/bin/sh\nid\n' },
    }
    const { status, headers } = await app
      .ask('post', '/compute/')
      .set('Content-Type', 'application/json')
      .send(JSON.stringify(body))
    expect([status, app.operations.orders[0]?.publicKey]).toEqual([201, key])
    const shown = await get(String(headers.location).slice(BASE.length))
    expect(shown.body).not.toMatch(/userdata|ssh-ed25519/)
  })

  test('§13.30 single quotes, no class, a scheme with the term', async () => {
    for (const category of [
      "Category: compute; scheme='http://schemas.ogf.org/occi/infrastructure#'; class='kind'",
      'Category: compute; scheme="http://schemas.ogf.org/occi/infrastructure#"',
      'Category: compute; scheme="http://schemas.ogf.org/occi/infrastructure#compute"; class="kind"',
    ])
      expect([category, (await create(category)).status]).toEqual([category, 201])
  })
})

describe('authentication', () => {
  test('§13.31 Basic, with a realm on 401', async () => {
    const { status, headers } = await get('/compute/').set('x-test-user', 'nobody')
    expect(status).toBe(401)
    expect(headers['www-authenticate']).toMatch(/^Basic realm="[^"]+"/)
  })

  test('§13.32 the query interface needs credentials, OPTIONS never', async () => {
    expect((await get('//-/').set('x-test-user', 'nobody')).status).toBe(401)
    expect((await get('//-/')).status).toBe(200)
    expect((await app.ask('options', '/').set('x-test-user', 'nobody')).status).toBe(204)
  })
})

describe("the 1.1 module's extra wishes", () => {
  test('POST on / creates', async () => {
    expect((await app.ask('post', '/').set('Content-Type', 'text/plain').send(COMPUTE_KIND)).status).toBe(201)
  })

  test('a title with escaped quotes and a comma survives', async () => {
    const title = `occi.core.title="How's your quotes escaping? \\", occi.compute.memory=1.0"`
    const path = await created(app, `X-OCCI-Attribute: ${title}`)
    expect(app.operations.orders[0]).not.toHaveProperty('memoryMiB')
    expect((await get(path)).body).toContain(`X-OCCI-Attribute: ${title}`)
    expect((await get(path, 'text/occi')).headers['x-occi-attribute']).toContain(title)
  })

  test('an unknown attribute in a PUT is no error', async () => {
    const path = await created(app)
    const body = `${(await get(path)).body}\nX-OCCI-Attribute: example.test="x"`
    expect((await app.ask('put', path).set('Content-Type', 'text/plain').send(body)).status).toBe(200)
  })

  test('GET / as text/occi lists X-OCCI-Location, folded with comma and blank', async () => {
    await created(app)
    const urls = String((await get('/', 'text/occi')).headers['x-occi-location']).split(', ')
    expect(urls).toHaveLength(4)
    for (const url of urls) expect(url).toMatch(/^http:\/\/cloud\.example\.org\/[a-z]+\/[0-9a-f-]{36}$/)
  })
})
