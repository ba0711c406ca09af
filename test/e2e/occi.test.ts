/** OCCI as curl speaks it, in its renderings, and the same machines by EC2. */
import { DescribeInstancesCommand, EC2Client } from '@aws-sdk/client-ec2'
import { newData, removeData, startUp, type Up } from '../support/gateway-process'
import { COMPUTE, COMPUTE_CATEGORY, listUrls, occiClient } from '../support/occi-client'
import { until } from '../support/until'

const data = newData()
let up: Up
let client: ReturnType<typeof occiClient>

beforeAll(async () => {
  up = await startUp(data)
  client = occiClient(up.session())
})
afterAll(async () => {
  await up.end('SIGINT')
  removeData(data)
})

const attribute = async (url: string, name: string): Promise<string | undefined> => {
  const { body } = await client('GET', url, { accept: 'text/plain' })
  return new RegExp(`^X-OCCI-Attribute: ${name.replaceAll('.', '\\.')}="?([^"\n\r]*)"?`, 'm').exec(body)?.[1]
}
const untilState = (url: string, state: string) =>
  until(async () => (await attribute(url, 'occi.compute.state')) === state, { what: `${url} to be ${state}` })
/** The action that an entity names is the one that is accepted now (a machine that still stops is 'inactive' too). */
const untilOffered = (url: string, action: string) =>
  until(async () => (await client('GET', url, { accept: 'text/plain' })).body.includes(`?action=${action}>`), {
    what: `${action} of ${url}`,
  })
const act = (url: string, action: string) =>
  client('POST', `${url}?action=${action}`, {
    'content-type': 'text/occi',
    category: `${action}; scheme="http://schemas.ogf.org/occi/infrastructure/compute/action#"; class="action"`,
  })

test.each(['/-/', '/.well-known/org/ogf/occi/-/'])('the query interface at %s', async (path) => {
  const { status, body } = await client('GET', path, { accept: 'text/plain' })
  expect(status).toBe(200)
  expect(body).toMatch(
    /^Category: compute;\s*scheme="http:\/\/schemas.ogf.org\/occi\/infrastructure#";\s*class="kind"/m,
  )
  expect(body).toMatch(/^Category: t2_micro;/m)
})

describe.each([
  [
    'text/plain',
    { 'content-type': 'text/plain' },
    `Category: ${COMPUTE_CATEGORY}\nX-OCCI-Attribute: occi.core.title="by text/plain"\n`,
  ],
  [
    'text/occi',
    { 'content-type': 'text/occi', category: COMPUTE_CATEGORY, 'x-occi-attribute': 'occi.core.title="by text/occi"' },
    undefined,
  ],
  [
    'application/occi+json',
    { 'content-type': 'application/occi+json' },
    JSON.stringify({ kind: COMPUTE, attributes: { 'occi.core.title': 'by application/occi+json' } }),
  ],
])('%s', (type, headers, body) => {
  let url = ''

  test('creates a machine, which runs', async () => {
    const made = await client('POST', 'compute/', { ...headers, accept: 'text/plain' }, body)
    expect(made.status).toBe(201)
    url = made.headers.get('location') ?? ''
    expect(url).toMatch(/\/compute\/[0-9a-f-]{36}$/)
    await untilState(url, 'active')
    expect(await attribute(url, 'occi.core.title')).toBe(`by ${type}`)
  })

  test('shows it in the same rendering', async () => {
    const { status, headers: got, body: shown } = await client('GET', url, { accept: type })
    expect(status).toBe(200)
    expect(got.get('content-type')).toContain(type)
    const text = type === 'text/occi' ? `${got.get('category')} ${got.get('x-occi-attribute')}` : shown
    expect(text).toContain('http://schemas.ogf.org/occi/infrastructure#')
    expect(text).toContain(`by ${type}`)
    expect(text).toContain('simulated')
  })

  test('stop, start, delete', async () => {
    expect((await act(url, 'stop')).status).toBe(200)
    await untilState(url, 'inactive')
    await untilOffered(url, 'start')
    expect((await act(url, 'start')).status).toBe(200)
    await untilState(url, 'active')
    expect((await client('DELETE', url)).status).toBe(200)
    expect((await client('GET', url)).status).toBe(404)
    expect(await listUrls(client)).not.toContain(url)
  })
})

test('what OCCI makes, EC2 shows under the name that OCCI tells', async () => {
  const made = await client('POST', 'compute/', { 'content-type': 'text/occi', category: COMPUTE_CATEGORY })
  const url = made.headers.get('location') ?? ''
  const name = await attribute(url, 'org.occi-gateway.instance.name')
  const { region, ec2Url: endpoint, accessKeyId, secretAccessKey } = up.session()
  const ec2 = new EC2Client({ region, endpoint, credentials: { accessKeyId, secretAccessKey } })
  const found = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [name ?? ''] }))
  ec2.destroy()
  expect(found.Reservations?.[0]?.Instances?.[0]?.InstanceId).toBe(name)
})

test('without credentials nothing is told', async () => {
  const answer = await fetch(new URL('compute/', up.session().occiUrl))
  expect(answer.status).toBe(401)
  expect(answer.headers.get('www-authenticate')).toMatch(/^Basic realm=/)
})

test('a PUT of what GET gave succeeds at any moment while a machine starts (§13.12), and a tag follows it', async () => {
  const mixin = 'blue; scheme="https://example.org/e2e#"; class="mixin"'
  const made = await client('POST', '/-/', { 'content-type': 'text/occi', category: `${mixin}; location="/e2e/blue/"` })
  expect(made.status).toBe(200)
  const { headers } = await client('POST', '/compute/', {
    'content-type': 'text/occi',
    category: `${COMPUTE_CATEGORY}, ${mixin}`,
  })
  const url = headers.get('location') ?? ''
  const first = (await client('GET', url, { accept: 'text/plain' })).body
  const put = (body: string) => client('PUT', url, { 'content-type': 'text/plain' }, body)
  const states = new Set<string>()
  await until(
    async () => {
      const { body } = await client('GET', url, { accept: 'text/plain' })
      expect([(await put(first)).status, (await put(body)).status]).toEqual([200, 200])
      states.add(/compute\.state="(\w+)"/.exec(body)?.[1] ?? '')
      return states.has('active')
    },
    { what: `${url} to be active` },
  )
  expect((await client('GET', '/e2e/blue/', { accept: 'text/uri-list' })).body).toBe(url)
  expect((await client('DELETE', '/-/', { 'content-type': 'text/occi', category: mixin })).status).toBe(200)
  expect((await client('GET', url, { accept: 'text/plain' })).body).not.toContain('e2e#')
})
