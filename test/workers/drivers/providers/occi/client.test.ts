/** What is spoken with a server is found out; and what it answers is believed only when it can be read. */
import { AVAILABILITY_ZONE, OS_TPL } from '../../../../../src/model/occi/names'
import type { Answer, Sender, Sent } from '../../../../../workers/drivers/providers/http'
import { openClient } from '../../../../../workers/drivers/providers/occi/api/client'
import { templatesNamed } from '../../../../../workers/drivers/providers/occi/api/model'
import { settingsOf } from '../../../../../workers/drivers/providers/occi/settings'
import { faultOf } from '../../../../contract/driver/bench'

const INFRA = 'http://schemas.ogf.org/occi/infrastructure#'
const JSON_TYPE = 'application/occi+json'
/** `headers` beside: name, value, name, value. */
type Told = readonly [status: number, type: string, body: string, headers?: readonly string[]]

const MODEL_12 = JSON.stringify({
  kinds: [{ term: 'compute', scheme: INFRA, parent: 'http://schemas.ogf.org/occi/core#resource', location: '/vm/' }],
  mixins: [{ term: 'debian12', scheme: 'http://c.example/os#', depends: [OS_TPL], location: '/os/debian12/' }],
})
const DRAFT = JSON.stringify({ kinds: [{ term: 'compute', scheme: INFRA, related: [], location: '/compute/' }] })
const MODEL_11 = [
  `Category: compute; scheme="${INFRA}"; class="kind"; location="/compute/"`,
  `Category: debian12; scheme="http://c.example/os#"; class="mixin"; rel="${OS_TPL}"; location="/os/debian12/"`,
].join('\n')

const text = (body: string): Told => [200, 'text/plain; charset=utf-8', body]

/** A server that answers by method, path and Accept. */
function serverThat(answers: (asked: string, sent: Sent) => Told, settings: Readonly<Record<string, string>> = {}) {
  const sent: Sent[] = []
  const sender: Sender = {
    send: async (one): Promise<Answer> => {
      sent.push(one)
      const [status, type, body, more = []] = answers(
        `${one.method} ${one.url.pathname}${one.url.search} ${one.headers.accept}`,
        one,
      )
      const rawHeaders = ['Content-Type', type, ...more]
      return { status, headers: { 'content-type': type }, rawHeaders, body: Buffer.from(body) }
    },
    close: () => undefined,
  }
  const server = {
    endpoint: 'https://c.example',
    settings: settingsOf({ settings }),
    credentials: () => ({ account: 'me', secret: 's3cret' }),
  }
  return { sent, client: openClient(server, sender, {}) }
}

const speaks12 = (asked: string): Told =>
  asked === `GET /-/ ${JSON_TYPE}` ? [200, JSON_TYPE, MODEL_12] : [200, JSON_TYPE, '{"resources":[]}']
const speaks11 =
  (refusal: Told) =>
  (asked: string): Told =>
    asked.endsWith(JSON_TYPE) ? refusal : asked.startsWith('GET /-/') ? text(MODEL_11) : text('')

test('a server of 1.2 is spoken to in JSON, at the path of its computes', async () => {
  const { client, sent } = serverThat(speaks12)
  expect(await client.spoken()).toMatchObject({ version: '1.2', rendering: JSON_TYPE, collection: '/vm/' })
  expect(await client.list()).toEqual({ as: 'computes', computes: [] })
  expect(sent.map(({ url }) => url.pathname)).toEqual(['/-/', '/vm/'])
  expect(sent[1]?.headers['user-agent']).toBe('occi-gateway OCCI/1.2')
})

test.each<readonly [string, Told]>([
  ['refuses clients of 1.2', [501, 'text/plain', 'no']],
  ['has no JSON', [406, 'text/plain', 'no']],
  ['answers text whatever is asked', text(MODEL_11)],
  ['speaks the draft of 1.1 days', [200, JSON_TYPE, DRAFT]],
  ['speaks JSON of nobody', [200, 'application/json', '[1,2]']],
])('a server that %s is spoken to in text of 1.1', async (_what, refusal) => {
  const { client, sent } = serverThat(speaks11(refusal))
  expect(await client.spoken()).toMatchObject({ version: '1.1', rendering: 'text/plain', collection: '/compute/' })
  await client.list('og-x-i-1')
  expect(sent.at(-1)?.headers).toMatchObject({
    'user-agent': 'occi-gateway OCCI/1.1',
    'X-OCCI-Attribute': 'occi.core.title="og-x-i-1"',
  })
})

const HEADERS = MODEL_11.split('\n').flatMap((line) => ['Category', line.slice('Category: '.length)])

test.each<readonly [string, Told]>([
  ['refuses bodies', [406, 'text/plain', 'no']],
  ['answers in headers whatever is asked', [200, 'text/occi', 'OK', HEADERS]],
])('a server of 1.1 that %s is spoken to in headers, lists too', async (_what, plain) => {
  const { client } = serverThat((asked) => {
    if (asked.endsWith(JSON_TYPE)) return [406, '', '']
    if (asked.startsWith('GET /-/')) return asked.endsWith('text/occi') ? [200, 'text/occi', 'OK', HEADERS] : plain
    return asked === 'GET /compute/ text/occi'
      ? [200, 'text/occi', 'OK', ['X-OCCI-Location', 'https://c.example/compute/1, /compute/2']]
      : [406, '', '']
  })
  const { model, ...spoken } = await client.spoken()
  expect(spoken).toMatchObject({ version: '1.1', rendering: 'text/occi' })
  expect(templatesNamed(model, OS_TPL, 'debian12')).toEqual(['http://c.example/os#debian12'])
  expect(await client.list()).toEqual({ as: 'locations', locations: ['/compute/1', '/compute/2'] })
})

test('a list in headers is read as far as headers reach, which is further than a request of a client of ours', async () => {
  const locations = Array.from({ length: 1_500 }, (_, number) => `/compute/${number}`)
  for (const values of [[locations.join(', ')], locations]) {
    const listed = values.flatMap((value) => ['X-OCCI-Location', value])
    const { client } = serverThat((asked) => {
      if (asked.endsWith(JSON_TYPE)) return [406, '', '']
      return [200, 'text/occi', 'OK', asked.startsWith('GET /-/') ? HEADERS : listed]
    })
    expect(await client.list()).toEqual({ as: 'locations', locations })
  }
})

test('a model as a body, whose size nobody bounds, is asked for before one in headers', async () => {
  const { client, sent } = serverThat(speaks11([406, '', '']), { rendering: 'text/occi' })
  await client.spoken()
  expect(sent.map(({ headers }) => headers.accept)).toEqual(['text/plain'])
  await client.list()
  expect(sent.at(-1)?.headers.accept).toBe('text/plain')
})

test('the other query interface; none at all; no OCCI server', async () => {
  const other = serverThat((asked) => {
    if (asked.startsWith('GET /-/')) return [404, 'text/plain', 'no']
    return asked.startsWith('GET /.well-known/org/ogf/occi/-/') && !asked.endsWith(JSON_TYPE)
      ? text(MODEL_11)
      : [406, '', '']
  })
  expect(await other.client.spoken()).toMatchObject({ version: '1.1' })
  await faultOf(serverThat(() => [404, 'text/html', '<html>']).client.spoken(), 'unreachable')
  await faultOf(serverThat(() => [200, 'text/html', '<html>']).client.spoken(), 'unreachable')
  await faultOf(serverThat((asked) => (asked.endsWith('plain') ? text('') : [406, '', ''])).client.spoken(), 'refused')
})

test('what is set is spoken, or it is said that it cannot be', async () => {
  const plain = serverThat(speaks11([200, JSON_TYPE, MODEL_12]), { rendering: 'text/occi' })
  expect(await plain.client.spoken()).toMatchObject({ version: '1.1', rendering: 'text/occi' })
  const json = serverThat(speaks11([406, 'text/plain', '']), { rendering: JSON_TYPE })
  await faultOf(json.client.spoken(), 'refused')
})

test('what failed is found out again by the next call; what is known is asked once', async () => {
  let isDown = true
  const { client, sent } = serverThat((asked) => (isDown ? [503, 'text/plain', 'away'] : speaks12(asked)))
  await faultOf(client.spoken(), 'unreachable')
  isDown = false
  await client.list()
  await client.list()
  expect(sent.filter(({ url }) => url.pathname === '/-/')).toHaveLength(2)
  client.forget()
  await client.list()
  expect(sent.filter(({ url }) => url.pathname === '/-/')).toHaveLength(3)
})

test('Basic, or a bearer token', async () => {
  const basic = serverThat(speaks12)
  await basic.client.list()
  expect(basic.sent[0]?.headers.authorization).toBe(`Basic ${Buffer.from('me:s3cret').toString('base64')}`)
  const token = serverThat(speaks12, { auth: 'token' })
  await token.client.list()
  expect(token.sent[0]?.headers.authorization).toBe('Bearer s3cret')
})

test.each<readonly [string, Told]>([
  ['a page for people', [200, 'text/html', '<html>all is well</html>']],
  ['nothing at all', [200, JSON_TYPE, '']],
  ['half of it', [200, JSON_TYPE, '{"resources":[{"kind":"x"']],
  ['an object of something else', [200, JSON_TYPE, '{"ok":true}']],
  ['computes without a state', [200, JSON_TYPE, '{"resources":[{"id":"urn:uuid:1","attributes":{}}]}']],
  ['text', text('X-OCCI-Location: /vm/1')],
])('a list that is %s is a fault, and never an empty list', async (_what, answer) => {
  const { client } = serverThat((asked) => (asked.startsWith('GET /-/') ? speaks12(asked) : answer))
  await faultOf(client.list(), 'unreachable')
})

test('locations in text, as URLs or paths, and as text/uri-list; an empty list is one', async () => {
  for (const [answer, locations] of [
    [text('X-OCCI-Location: https://c.example/compute/1\nX-OCCI-Location: /compute/2'), ['/compute/1', '/compute/2']],
    [[200, 'text/uri-list', '# all\nhttps://c.example/compute/1\r\n'] as Told, ['/compute/1']],
    [text(''), []],
  ] as const) {
    const { client } = serverThat((asked) => (asked.includes('/-/') ? speaks11([406, '', ''])(asked) : answer))
    expect(await client.list()).toEqual({ as: 'locations', locations })
  }
})

test('204 is an empty collection, in JSON and in text', async () => {
  const NOTHING: Told = [204, '', '']
  const json = serverThat((asked) => (asked.startsWith('GET /-/') ? speaks12(asked) : NOTHING)).client
  expect(await json.list('og-x-i-1')).toEqual({ as: 'computes', computes: [] })
  const lines = serverThat((asked) => (asked.includes('/-/') ? speaks11([406, '', ''])(asked) : NOTHING)).client
  expect(await lines.list('og-x-i-1')).toEqual({ as: 'locations', locations: [] })
  await faultOf(lines.look('/compute/1'), 'unreachable')
})

describe('what comes to records and to an operator’s terminal', () => {
  const told = (more: object) =>
    JSON.stringify({
      resources: [{ id: 'urn:uuid:1', attributes: { 'occi.compute.state': 'active' }, links: [], ...more }],
    })
  const listing = (more: object) =>
    serverThat((asked) => (asked.startsWith('GET /-/') ? speaks12(asked) : [200, JSON_TYPE, told(more)])).client.list()

  test('a location is its path, in printable characters, whatever the server calls it', async () => {
    for (const [id, location] of [
      ['urn:uuid:1', '/vm/1'],
      ['https://other.example/vm/1?x=y', '/vm/1?x=y'],
      ['a\u001b[2J b', '/vm/a%1B[2J%20b'],
      ['vm/\u009bé', '/vm/%C2%9B%C3%A9'],
    ])
      expect(await listing({ id })).toMatchObject({ computes: [{ location }] })
  })

  test('one that is longer than any is not believed', async () => {
    await faultOf(listing({ id: 'x'.repeat(1100) }), 'unreachable')
    const { client } = serverThat((asked) =>
      asked.includes('/-/') ? speaks11([406, '', ''])(asked) : text(`X-OCCI-Location: /${'x'.repeat(1100)}`),
    )
    await faultOf(client.list(), 'unreachable')
  })

  test('an address is one, or is none', async () => {
    const addresses = ['10.0.0.7', '2001:db8::1', '\u001b[2J', '10.0.0.7\n', '1'.repeat(10_000), 'host.example', '']
    const links = [...addresses, 7, null, {}].map((address) => ({
      attributes: { 'occi.networkinterface.address': address },
    }))
    expect(await listing({ links })).toMatchObject({ computes: [{ addresses: ['10.0.0.7', '2001:db8::1'] }] })
  })
})

test('a server that refuses filters is asked for all', async () => {
  const { client, sent } = serverThat((asked, { headers }) =>
    'X-OCCI-Attribute' in headers ? [400, 'text/plain', 'no filters'] : speaks12(asked),
  )
  expect(await client.list('og-x-i-1')).toMatchObject({ as: 'computes' })
  expect(sent).toHaveLength(3)
})

describe('an order at a path of ours that is refused', () => {
  const ID = '2b1d3a52-1f0e-4b0a-9f7e-0c5d6a3e7f0c'
  const described = { kind: `${INFRA}compute`, id: ID, mixins: [], title: 'og-x-i-1', summary: '', attributes: {} }
  const there = (title: string): Told => [
    200,
    JSON_TYPE,
    JSON.stringify({ id: `urn:uuid:${ID}`, title, attributes: { 'occi.compute.state': 'active' } }),
  ]
  const refusing = (status: number, told: Told) =>
    serverThat((asked) => {
      if (asked.startsWith('PUT')) return [status, 'text/plain', 'no']
      return asked.startsWith(`GET /vm/${ID}`) ? told : speaks12(asked)
    })
  const ordered = (status: number, told: Told) =>
    refusing(status, told).client.makeAtItsId({ ...described, networks: [] })

  test.each([400, 404, 405, 501])(
    'with %d, is made where what it made is there; nothing is made in its stead',
    async (status) => {
      expect(await ordered(status, there('og-x-i-1'))).toBe('made')
      expect(await ordered(status, there('somebody'))).toBe('not there')
      for (const nothing of [404, 410, 400, 501])
        expect(await ordered(status, [nothing, 'text/plain', 'no'])).toBe('not there')
    },
  )

  test('is not given up while nobody can tell whether that is there', async () => {
    await faultOf(ordered(501, [503, 'text/plain', 'away']), 'unreachable')
    await faultOf(ordered(501, [200, 'text/html', '<html>']), 'unreachable')
  })

  test('for another reason is refused, and nothing is looked at', async () => {
    const { client, sent } = refusing(409, there('og-x-i-1'))
    await faultOf(client.makeAtItsId({ ...described, networks: [] }), 'refused')
    expect(sent.map(({ method }) => method)).toEqual(['GET', 'PUT'])
  })
})

test('a template by its identifier or its term, spelled as the server may have had to; no other mixin', () => {
  const model = new Map(
    [
      ['http://c.example/os#t2_micro', OS_TPL],
      ['http://d.example/os#same', OS_TPL],
      ['http://c.example/os#same', OS_TPL],
      ['http://c.example/zone#north', AVAILABILITY_ZONE],
    ].map(
      ([id = '', base = '']) =>
        [id, { id, depends: [base], location: null, title: null, defaults: new Map() }] as const,
    ),
  )
  expect(templatesNamed(model, OS_TPL, 't2.micro')).toEqual(['http://c.example/os#t2_micro'])
  expect(templatesNamed(model, OS_TPL, 'http://c.example/os#same')).toEqual(['http://c.example/os#same'])
  expect(templatesNamed(model, OS_TPL, 'same')).toHaveLength(2)
  expect(templatesNamed(model, OS_TPL, 'north')).toEqual([])
})
