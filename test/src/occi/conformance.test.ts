/** Whole sessions as the known clients and suites hold them. §13.N: the demand that bears this number in interop.test.ts. */
import { BASE, COMPUTE_KIND, type OcciApp, occiApp } from '../../support/occi-app'

let app: OcciApp
beforeEach(() => {
  app = occiApp()
})

type Method = 'get' | 'post' | 'put' | 'delete'
type Headers = Readonly<Record<string, string>>
const send = (method: Method, path: string, headers: Headers, body?: string) => {
  const asked = app.ask(method, path)
  for (const [name, value] of Object.entries(headers)) asked.set(name, value)
  return body === undefined ? asked : asked.send(body)
}
const pathOf = (url: unknown): string => String(url).slice(BASE.length)
const INFRASTRUCTURE = 'http://schemas.ogf.org/occi/infrastructure#'
const ACTION = 'http://schemas.ogf.org/occi/infrastructure/compute/action#'

describe('pOCCI', () => {
  const text = { 'User-Agent': 'pOCCI/1.1 OCCI/1.1', 'Content-Type': 'text/plain', Accept: 'text/plain' }

  test('discovers: all, then the first category as a filter (§2, §5.7)', async () => {
    for (const path of ['/-/', '/.well-known/org/ogf/occi/-/']) {
      const { body } = await send('get', path, text)
      const [first = ''] = String(body).split('\n')
      const category = first
        .replace(/^Category: /, '')
        .split(';')
        .slice(0, 3)
        .join(';')
      const filtered = await send('get', path, { ...text, Category: category })
      expect([filtered.status, filtered.body]).toEqual([200, first])
    }
  })

  test('creates with an id that is no URI (§13.7), reads, lists, updates, deletes (§13.6, 12, 13)', async () => {
    const attributes = 'X-OCCI-Attribute: occi.core.id="1"\nX-OCCI-Attribute: occi.core.title="Title"'
    const made = await send('post', '/compute/', text, `${COMPUTE_KIND}\n${attributes}`)
    expect([made.status, made.headers.location]).toEqual([201, expect.stringMatching(/^http:\/\//)])
    const path = pathOf(made.headers.location)
    const own = { ...text, Category: COMPUTE_KIND.slice('Category: '.length) }
    expect((await send('get', '/compute/', own)).body).toBe(`X-OCCI-Location: ${BASE}${path}`)
    const shown = await send('get', path, text)
    for (const line of String(shown.body).split('\n'))
      expect(line).toMatch(/^(?:Category|Link|X-OCCI-Attribute): .*[^;]$/)
    const put = await send('put', path, text, String(shown.body))
    expect([put.status, put.headers['content-type']]).toEqual([200, 'text/plain; charset=utf-8'])
    const post = await send('post', path, text, 'X-OCCI-Attribute: occi.core.title="pOCCI was here"')
    expect([post.status, String(post.body)]).toEqual([200, expect.stringContaining('title="pOCCI was here"')])
    expect((await send('delete', path, text)).status).toBe(200)
    expect((await send('get', path, text)).status).toBe(404)
    const empty = await send('get', '/compute/', text)
    expect([empty.status, empty.body]).toEqual([200, ''])
  })

  test('an action answers exactly 200 (§13.16)', async () => {
    const { headers } = await send('post', '/compute/', text, COMPUTE_KIND)
    const category = `Category: stop; scheme="${ACTION}"; class="action"; title="Stop"; attributes="method"`
    const answer = await send('post', `${pathOf(headers.location)}?action=stop`, text, category)
    expect([answer.status, answer.body]).toEqual([200, 'OK'])
  })

  test('adds a mixin, fills it, removes it (§5.1, §5.3)', async () => {
    const mixin = 'Category: mymixin; scheme="http://example.com/occi/pocci#"; class="mixin"'
    expect((await send('post', '/-/', text, `${mixin}; location="/mymixin/"; title="My mixin"`)).status).toBe(200)
    const { headers } = await send('post', '/compute/', text, COMPUTE_KIND)
    const where = `X-OCCI-Location: ${headers.location}`
    expect((await send('post', '/mymixin/', text, where)).status).toBe(200)
    expect((await send('get', '/mymixin/', text)).body).toBe(where)
    expect((await send('get', pathOf(headers.location), text)).body).toContain('mymixin')
    expect((await send('delete', '/-/', text, mixin)).status).toBe(200)
    expect((await send('get', pathOf(headers.location), text)).body).not.toContain('mymixin')
  })
})

describe('the working group’s 1.1 module', () => {
  const occi = { 'User-Agent': 'Test OCCI/1.1', 'Content-Type': 'text/occi', Accept: 'text/occi' }
  const COMPUTE = `compute; scheme="${INFRASTRUCTURE}"`
  const split = (folded: unknown): readonly string[] => String(folded).split(', ')
  const create = async (): Promise<string> => {
    const { status, headers } = await send('post', '/', { ...occi, Category: COMPUTE })
    expect(status).toBe(201)
    return String(headers.location)
  }

  test('says its version, and refuses higher ones with 501 (§12.7)', async () => {
    const { headers } = await send('get', '/-/', occi)
    expect(headers.server).toContain('OCCI/1.1')
    expect((await send('get', '/-/', { ...occi, 'User-Agent': 'Test OCCI/9.9' })).status).toBe(501)
  })

  test('filtering the query interface by compute shows that one category only (§5.7)', async () => {
    const { headers } = await send('get', '/-/', { ...occi, Category: COMPUTE })
    // What proxies take of all headers together.
    expect(JSON.stringify(headers).length).toBeLessThan(8 * 1024)
    expect(String(headers.category).match(/scheme=/g)).toHaveLength(1)
  })

  test('a user mixin: made, filled by POST, replaced by PUT, used as a filter, emptied, removed', async () => {
    const [one, two] = [await create(), await create()]
    const mixin = 'my_stuff; scheme="http://example.com/occi/my_stuff#"'
    const full = `${mixin}; class="mixin"; rel="http://example.com/occi/something_else#mixin"; location="/my_stuff/"`
    expect((await send('post', '/-/', { ...occi, Category: full })).status).toBe(200)
    const listed = async () => split((await send('get', '/my_stuff/', occi)).headers['x-occi-location'])
    expect((await send('post', '/my_stuff/', { ...occi, 'X-OCCI-Location': one })).status).toBe(200)
    expect(await listed()).toEqual([one])
    expect((await send('put', '/my_stuff/', { ...occi, 'X-OCCI-Location': two })).status).toBe(200)
    expect(await listed()).toEqual([two])
    const filtered = await send('get', '/compute/', { ...occi, Category: mixin })
    expect(split(filtered.headers['x-occi-location'])).toEqual([two])
    expect((await send('delete', '/my_stuff/', { ...occi, 'X-OCCI-Location': two })).status).toBe(200)
    expect((await send('get', '/my_stuff/', occi)).headers).not.toHaveProperty('x-occi-location')
    expect((await send('delete', '/-/', { ...occi, Category: mixin })).status).toBe(200)
    expect((await send('get', '/my_stuff/', occi)).status).toBe(404)
    expect((await send('get', pathOf(two), occi)).status).toBe(200)
  })

  test('updates: an unknown attribute is no error, a title with quotes and a comma survives', async () => {
    const path = pathOf(await create())
    const put = { ...occi, Category: COMPUTE, 'X-OCCI-Attribute': 'example.test="value"' }
    expect((await send('put', path, put)).status).toBe(200)
    const title = 'occi.core.title="How\'s your quotes escaping? \\", occi.compute.memory=1.0"'
    expect((await send('post', path, { ...occi, 'X-OCCI-Attribute': title })).status).toBe(200)
    expect((await send('get', path, occi)).headers['x-occi-attribute']).toContain(title)
  })

  test('actions are offered by state and done on a collection', async () => {
    const path = pathOf(await create())
    const offered = async () => String((await send('get', path, occi)).headers.link)
    expect(await offered()).toContain('?action=stop>')
    const stop = { ...occi, Category: `stop; scheme="${ACTION}"; class="action"` }
    expect((await send('post', '/compute/?action=stop', stop)).status).toBe(200)
    expect(await offered()).toContain('?action=start>')
    expect(await offered()).not.toContain('?action=stop>')
  })
})

describe('rOCCI-cli 4.3', () => {
  const rocci = { 'User-Agent': 'rOCCI-core/4.3.6 OCCI/1.1 rOCCI-api/4.3.14', 'Content-Type': 'text/plain,text/occi' }

  test('logs in, lists by text/uri-list, creates, describes, triggers, deletes', async () => {
    expect((await send('get', '//-/', { ...rocci, Accept: 'text/plain,text/occi' })).status).toBe(200)
    const terms = `${COMPUTE_KIND}\nX-OCCI-Attribute: occi.core.title="rocci"`
    const made = await send('post', '/compute/', { ...rocci, Accept: 'text/plain' }, terms)
    expect(made.status).toBe(201)
    const list = await send('get', '/compute/', { ...rocci, Accept: 'text/uri-list' })
    expect(String(list.body).split(/\r?\n/)).toEqual([made.headers.location])
    const path = pathOf(made.headers.location)
    const { body } = await send('get', path, { ...rocci, Accept: 'text/plain,text/occi' })
    expect(String(body)).toMatch(/^Category: compute;scheme="[^"]+";class="kind"$/m)
    const stop = `Category: stop;scheme="${ACTION}";class="action"`
    expect((await send('post', `${path}?action=stop`, { ...rocci, Accept: 'text/plain' }, stop)).status).toBe(200)
    expect((await send('delete', path, { ...rocci, Accept: 'text/plain' })).status).toBe(200)
  })

  test('sends a scheme that carries its term (§13.30)', async () => {
    const body = `Category: compute;scheme='${INFRASTRUCTURE}compute'`
    expect((await send('post', '/compute/', { ...rocci, Accept: 'text/plain' }, body)).status).toBe(201)
  })
})

describe('rOCCI-core 5', () => {
  const json = { 'Content-Type': 'application/occi+json', Accept: 'application/occi+json' }

  test('JSON: creates, updates by mixins alone, fills a collection by an array of locations', async () => {
    const made = await send('post', '/compute/', json, JSON.stringify({ kind: `${INFRASTRUCTURE}compute` }))
    expect([made.status, made.headers['content-type']]).toEqual([201, 'application/occi+json'])
    const mixin = { term: 'blue', scheme: 'http://example.com/ann#', location: '/blue/' }
    expect((await send('post', '/-/', json, JSON.stringify({ mixins: [mixin] }))).status).toBe(200)
    const path = pathOf(made.headers.location)
    const tagged = await send('post', path, json, JSON.stringify({ mixins: ['http://example.com/ann#blue'] }))
    expect(JSON.parse(tagged.body).mixins).toContain('http://example.com/ann#blue')
    expect((await send('put', '/blue/', json, '[]')).status).toBe(200)
    expect(JSON.parse((await send('get', '/blue/', json)).body)).toEqual({ resources: [] })
    await send('post', '/blue/', json, JSON.stringify([made.headers.location]))
    expect(JSON.parse((await send('get', '/blue/', json)).body).resources).toHaveLength(1)
  })

  test('X-OCCI-Category and X-OCCI-Attribute headers (§8)', async () => {
    const headers = {
      'Content-Type': 'text/occi',
      Accept: 'text/occi',
      'X-OCCI-Category': `compute;scheme="${INFRASTRUCTURE}";class="kind"`,
      'X-OCCI-Attribute': 'occi.core.title="five"',
    }
    expect((await send('post', '/compute/', headers)).status).toBe(201)
    expect(app.operations.orders).toMatchObject([{ title: 'five' }])
  })
})

test('jOCCI: model lines fit its one regular expression, and the body of a 201 is the location', async () => {
  const line =
    /^Category: [a-z][a-z0-9_-]*;scheme="[^"]+#";class="(?:kind|mixin|action)"(?:;title="[^"]*")?(?:;rel="[^"]+")?(?:;location="[^"]+")?(?:;attributes="[^"]+")?(?:;actions="[^"]+")?$/
  const { body } = await send('get', '/-/', { Accept: 'text/plain' })
  for (const one of String(body).split('\n')) expect(one).toMatch(line)
  const attributes = 'X-OCCI-Attribute: occi.core.id="37cd2b5c-2d54-4c9c-b8b5-1a8d2b5c7f0c"'
  const made = await send('post', '/compute/', { 'Content-Type': 'text/plain' }, `${COMPUTE_KIND}\n${attributes}`)
  expect(made.body).toBe(`X-OCCI-Location: ${made.headers.location}`)
})

describe('IM', () => {
  const im = { Accept: 'text/plain', 'Content-Type': 'text/plain,text/occi' }

  test('finds templates by their text, creates, stops by suspend, starts, deletes (§13.11–19, 26)', async () => {
    const { body: model } = await send('get', '//-/', im)
    const template = /Category: ([a-z0-9_-]+);scheme="([^"]+os_tpl#)"/.exec(String(model))
    expect(template).not.toBeNull()
    const order = `${COMPUTE_KIND}\nCategory: ${template?.[1]}; scheme="${template?.[2]}"; class="mixin"`
    const made = await send('post', '/compute/', im, `${order}\nX-OCCI-Attribute: occi.core.id="x"`)
    const id = String(made.body).split('/').at(-1)
    expect([made.status, pathOf(made.headers.location)]).toEqual([201, `/compute/${id}`])
    expect(String((await send('get', '/compute/', im)).body).split('\n')).toHaveLength(1)
    const act = (term: string) => {
      const category = `Category: ${term};scheme="${ACTION}";class="action";`
      return send('post', `/compute/${id}?action=${term}`, im, category)
    }
    const state = async () => /compute\.state="(\w+)"/.exec((await send('get', `/compute/${id}`, im)).body)?.[1]
    expect([(await act('suspend')).status, await state()]).toEqual([200, 'suspended'])
    expect([(await act('start')).status, await state()]).toEqual([200, 'active'])
    expect((await send('delete', `//compute/${id}`, im)).status).toBe(200)
    expect((await send('get', `/compute/${id}`, im)).status).toBe(404)
  })
})
