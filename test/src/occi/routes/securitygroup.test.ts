/** Security groups and their links at their paths, in every rendering: the same records as EC2's. */
import fc from 'fast-check'
import type { SecurityGroupId } from '../../../../src/model/ids'
import { groupEntity } from '../../../../src/occi/entities/securitygroup'
import { groupRules } from '../../../../src/occi/requests/group-rules'
import { ann, PROJECT } from '../../../support/fake-operations'
import { BASE, COMPUTE_KIND, created, type OcciApp, occiApp } from '../../../support/occi-app'
import { attribute, goldenBut, inText, pathOf, RENDERINGS } from '../../../support/occi-text'

let app: OcciApp
beforeEach(() => {
  app = occiApp()
})

const { send, text } = inText(() => app.ask)
const golden = goldenBut('ids')
const SCHEME = 'scheme="http://schemas.ogf.org/occi/infrastructure#"'
const GROUP = `Category: securitygroup; ${SCHEME}; class="kind"`
const LINK = `Category: securitygrouplink; ${SCHEME}; class="kind"`
const FRESH = '/securitygroup/77777777-2222-4333-8444-555555555555'
const DEFAULT = `/securitygroup/${PROJECT}`
const rules = (...all: readonly object[]) => attribute('occi.securitygroup.rules', JSON.stringify(all))
const WEB = [
  { type: 'inbound', protocol: 'TCP', port: '80:90', range: '10.0.0.0/8', description: 'the web' },
  { type: 'inbound', protocol: 'icmp', port: '8' },
]
const make = async (...lines: readonly string[]) =>
  pathOf(await send('put', FRESH, GROUP, attribute('occi.core.title', 'web'), ...lines))
const recordOf = (path: string) => app.operations.groups.get(path.slice('/securitygroup/'.length))
const link = (compute: string, group: string) =>
  send(
    'post',
    '/securitygrouplink/',
    LINK,
    attribute('occi.core.source', compute),
    attribute('occi.core.target', group),
  )

describe.each(RENDERINGS)('%s', (accept, extension) => {
  const get = (path: string) => app.ask('get', path).set('Accept', accept)

  test('made, shown, listed, linked, in use', async () => {
    const put = app.ask('put', FRESH).set('Content-Type', 'text/plain').set('Accept', accept)
    const lines = [GROUP, attribute('occi.core.title', 'web'), attribute('occi.core.summary', 'of ours'), rules(...WEB)]
    golden(`securitygroup-created.${extension}`, await put.send(lines.join('\n')))
    golden(`securitygroup.${extension}`, await get(FRESH))
    golden(`securitygroups.${extension}`, await get('/securitygroup/'))
    const compute = await created(app)
    const post = app.ask('post', '/securitygrouplink/').set('Content-Type', 'text/plain').set('Accept', accept)
    const ends = [attribute('occi.core.source', compute), attribute('occi.core.target', FRESH)]
    const made = await post.send([LINK, ...ends].join('\n'))
    golden(`securitygrouplink-created.${extension}`, made)
    golden(`securitygrouplink.${extension}`, await get(pathOf(made)))
    golden(`compute-with-group.${extension}`, await get(compute))
    golden(`securitygroup-in-use.${extension}`, await app.ask('delete', FRESH).set('Accept', accept))
  })
})

test('JSON has an array where texts have a text of it, and both mean the same', async () => {
  const body = {
    kind: 'http://schemas.ogf.org/occi/infrastructure#securitygroup',
    title: 'web',
    attributes: { 'occi.securitygroup.rules': WEB },
  }
  const answer = await app.ask('put', FRESH).set('Content-Type', 'application/occi+json').send(JSON.stringify(body))
  const said = recordOf(pathOf(answer))?.wish.rules.map(({ rule: _id, ...rest }) => rest)
  app = occiApp()
  await make(rules(...WEB))
  expect(recordOf(FRESH)?.wish.rules.map(({ rule: _id, ...rest }) => rest)).toEqual(said)
  expect(said).toEqual([
    {
      direction: 'in',
      protocol: 'tcp',
      ports: { from: 80, to: 90 },
      peer: { cidr: '10.0.0.0/8' },
      description: 'the web',
    },
    { direction: 'in', protocol: 'icmp', ports: { from: 8, to: -1 }, peer: { cidr: '0.0.0.0/0' }, description: null },
    { direction: 'out', protocol: 'all', ports: null, peer: { cidr: '0.0.0.0/0' }, description: null },
  ])
})

test.each<[string, string, number, RegExp]>([
  ['no array', '{}', 400, /occi\.securitygroup\.rules/],
  ['no JSON', '[{', 400, /occi\.securitygroup\.rules/],
  ['no type', '[{"protocol":"tcp"}]', 400, /rules: .*type/],
  ['another word', '[{"type":"inbound","protocol":"tcp","colour":"red"}]', 400, /rules/],
  ['another type', '[{"type":"sideways","protocol":"tcp"}]', 400, /rule 1: type "sideways" is none of/],
  ['another protocol', '[{"type":"inbound","protocol":"gre"}]', 400, /rule 1: protocol/],
  ['no port', '[{"type":"inbound","protocol":"tcp","port":"http"}]', 400, /rule 1: "http" is no port/],
  ['ports the wrong way round', '[{"type":"inbound","protocol":"tcp","port":"9-8"}]', 400, /is no port/],
  ['a port too far', '[{"type":"inbound","protocol":"udp","port":"65536"}]', 400, /is no port/],
  ['no range', '[{"type":"inbound","protocol":"tcp","range":"everywhere"}]', 400, /is no IPv4 range/],
  ['no group', '[{"type":"inbound","protocol":"tcp","group":"sg-1"}]', 400, /no id of a security group/],
  ['both', '[{"type":"in","protocol":"tcp","group":"x","range":"y"}]', 400, /a range and a group/],
  ['the same twice', '[{"type":"in","protocol":"tcp"},{"type":"in","protocol":"tcp"}]', 400, /multiple times/],
  [
    'more of them than a group has, whatever they are',
    `[${Array(121).fill('0').join()}]`,
    403,
    /at most 60 rules each/,
  ],
  [
    'more ports than rules',
    `[{"type":"in","protocol":"tcp","port":"${Array(61).fill('x').join()}"}]`,
    400,
    /rule 1: a group/,
  ],
  [
    'a group of another',
    `[{"type":"in","protocol":"tcp","group":"${PROJECT.replace('a', 'b')}"}]`,
    404,
    /security group/,
  ],
])('rules are refused, naming the attribute: %s', async (_name, value, status, message) => {
  const lines = [attribute('occi.core.title', 'web'), attribute('occi.securitygroup.rules', value)]
  const answer = await send('post', '/securitygroup/', GROUP, ...lines)
  expect([answer.status, String(answer.body)]).toEqual([status, expect.stringMatching(message)])
  expect(app.operations.groups.size).toBe(0)
})

test('several ports of one rule are several rules', () => {
  const text = '[{"type":"inbound","protocol":"tcp","port":"22, 80:90"},{"type":"inbound","protocol":"udp","port":53}]'
  expect(groupRules(text).map(({ ports }) => ports)).toEqual([
    { from: 22, to: 22 },
    { from: 80, to: 90 },
    { from: 53, to: 53 },
  ])
})

const port = fc.integer({ min: 0, max: 65_535 })
const range = fc.integer({ min: 0, max: 32 }).map((bits) => (bits === 0 ? '0.0.0.0/0' : `128.0.0.0/${bits}`))
const rule = fc
  .record({
    direction: fc.constantFrom('in' as const, 'out' as const),
    protocol: fc.constantFrom('tcp' as const, 'udp' as const, 'icmp' as const, 'all' as const),
    ends: fc.option(fc.tuple(port, port)),
    peer: fc.oneof(
      range.map((cidr) => ({ cidr })),
      fc.uuid({ version: 4 }).map((id) => ({ group: id as SecurityGroupId })),
    ),
    description: fc.option(fc.stringMatching(/^[a-z ]{1,20}$/)),
  })
  .map(({ ends, protocol, ...rest }) => ({ ...rest, protocol, ports: portsFor(protocol, ends) }))

function portsFor(protocol: string, ends: readonly [number, number] | null) {
  if (ends === null || protocol === 'all') return null
  const [a, b] = ends
  if (protocol === 'icmp') return { from: a % 256, to: (b % 257) - 1 }
  const [from, to] = [Math.min(a, b), Math.max(a, b)]
  return from === 0 && to === 65_535 ? null : { from, to }
}

test('the rules that are shown are the rules that are read', async () => {
  const [known] = await app.operations.listGroups(ann)
  if (!known) throw new Error('no group')
  fc.assert(
    fc.property(fc.array(rule, { maxLength: 6 }), (all) => {
      const wish = { ...known.wish, rules: all.map((one, at) => ({ ...one, rule: `sgr-${at}` })) }
      const shown = groupEntity({ ...known, wish }).attributes.find(({ name }) => name === 'occi.securitygroup.rules')
      expect(groupRules(String(shown?.value))).toEqual(all)
    }),
  )
})

test('what was read is sent back, other rules are taken, another name is not', async () => {
  const path = await make(rules(...WEB))
  const before = recordOf(path)?.wish.rules
  const same = await send('put', path, await text(path))
  expect([same.status, same.body]).toEqual([200, await text(path)])
  expect(recordOf(path)?.wish.rules).toEqual(before)
  expect((await send('post', path, rules({ type: 'inbound', protocol: 'all' }))).status).toBe(200)
  expect(recordOf(path)?.wish.rules).toHaveLength(1)
  expect((await send('post', path, attribute('occi.core.title', 'other'))).status).toBe(409)
  expect((await send('put', path, GROUP, attribute('occi.securitygroup.state', 'error'))).status).toBe(200)
})

test('default is there, is not deleted, and another project sees none of ours', async () => {
  expect(await text('/securitygroup/')).toBe(`X-OCCI-Location: ${BASE}${DEFAULT}`)
  expect((await app.ask('delete', DEFAULT)).status).toBe(403)
  const path = await make()
  for (const method of ['get', 'delete', 'post'] as const)
    expect((await app.ask(method, path).set('x-test-user', 'bob')).status).toBe(404)
  expect((await app.ask('delete', path)).status).toBe(200)
  expect((await app.ask('get', path)).status).toBe(404)
})

test.each<[string, readonly string[], number]>([
  ['no name', [], 400],
  ['a name that is taken', [attribute('occi.core.title', 'web')], 409],
  ['a reserved name', [attribute('occi.core.title', 'default')], 400],
  ['a name like an id', [attribute('occi.core.title', 'sg-1')], 400],
  ['an action', ['?'], 404],
])('refused: %s', async (name, lines, status) => {
  const path = await make()
  const answer =
    name === 'an action'
      ? await app.ask('post', `${path}?action=start`)
      : await send('post', '/securitygroup/', GROUP, ...lines)
  expect(answer.status).toBe(status)
})

test('links: put on, in use, taken off but for the last one', async () => {
  const [path, compute] = [await make(), await created(app)]
  const first = pathOf(await link(compute, DEFAULT))
  const second = pathOf(await link(compute, path))
  expect(await text(compute)).toContain(second)
  expect((await app.ask('delete', path)).status).toBe(409)
  const same = await send('put', second, await text(second))
  expect([same.status, same.body]).toEqual([200, await text(second)])
  expect((await app.ask('delete', second)).status).toBe(200)
  expect((await app.ask('delete', second)).status).toBe(404)
  const last = await app.ask('delete', first)
  expect([last.status, String(last.body)]).toEqual([409, expect.stringContaining('at least one security group')])
  expect((await app.ask('delete', path)).status).toBe(200)
  expect((await link(compute, path)).status).toBe(404)
  expect((await link('/compute/77777777-2222-4333-8444-000000000000', DEFAULT)).status).toBe(404)
})

test('a compute is made with the groups that it is linked to', async () => {
  const path = await make()
  const to = `Link: <${path}>; rel="http://schemas.ogf.org/occi/infrastructure#securitygroup"; category="http://schemas.ogf.org/occi/infrastructure#securitygrouplink"`
  const compute = await created(app, to)
  expect(app.operations.orders[0]?.groups).toEqual([path.slice('/securitygroup/'.length)])
  expect(await text(compute)).toContain(`<${path}>`)
  expect((await send('post', '/compute/', COMPUTE_KIND, to.replace(path, '/securitygroup/x'))).status).toBe(404)
})

test('a change means exactly what it says: a way out that was taken is not given back by sending back what was read', async () => {
  const path = await make(rules(...WEB))
  const ways = () => recordOf(path)?.wish.rules.filter(({ direction }) => direction === 'out').length
  expect(ways()).toBe(1)
  expect((await send('put', path, GROUP, rules(...WEB))).status).toBe(200)
  expect(ways()).toBe(0)
  expect((await send('put', path, await text(path))).status).toBe(200)
  expect(ways()).toBe(0)
})
