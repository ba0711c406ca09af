/** 10,000 machines of an account, with a volume and an address each, are polled in few calls: pages of a thousand at EC2, three lists at ElasticHosts, one in JSON of OCCI. */

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { HostId } from '../../../../src/model/ids'
import type { HostTarget } from '../../../../workers/drivers/driver'
import { openEc2Driver } from '../../../../workers/drivers/providers/ec2'
import { openOcciDriver } from '../../../../workers/drivers/providers/occi'
import { summaryOf, titleOf } from '../../../../workers/drivers/providers/occi/marks'
import { openElasticStage, SITE } from '../../../support/elastichosts-stage'
import { startWire } from '../../../support/provider-wire'

const MACHINES = 10_000
/** Of the bar; much less is needed. */
const MOST_CALLS = 100
const nameOf = (at: number): string => `i-${at.toString(16).padStart(17, '0')}`

const tag = (key: string, value: string): string => `<item><key>${key}</key><value>${value}</value></item>`
const instance = (at: number): string =>
  `<item><instanceId>i-their${at}</instanceId><instanceState><code>16</code><name>running</name></instanceState>` +
  `<launchTime>2026-11-21T12:00:00.000Z</launchTime><privateIpAddress>10.0.0.1</privateIpAddress><tagSet>` +
  tag('occi-gateway.site', SITE) +
  tag('occi-gateway.machine', nameOf(at)) +
  tag('occi-gateway.record', `00000000-0000-4000-8000-${String(at).padStart(12, '0')}`) +
  '</tagSet></item>'

const volume = (at: number): string =>
  `<item><volumeId>vol-their${at}</volumeId><size>1</size><status>in-use</status><attachmentSet><item>` +
  `<instanceId>i-their${at}</instanceId><status>attached</status></item></attachmentSet><tagSet>` +
  tag('occi-gateway.site', SITE) +
  tag('occi-gateway.volume', nameOf(at).replace('i-', 'vol-')) +
  '</tagSet></item>'

const ipOf = (at: number): string => `198.51.${at >> 8}.${at & 255}`
const address = (at: number): string =>
  `<item><allocationId>eipalloc-their${at}</allocationId><publicIp>${ipOf(at)}</publicIp><instanceId>i-their${at}</instanceId><tagSet>` +
  tag('occi-gateway.site', SITE) +
  tag('occi-gateway.address', nameOf(at).replace('i-', 'eipalloc-')) +
  '</tagSet></item>'

/**
 * A simulated account at EC2 that answers as Amazon does: DescribeInstances and DescribeVolumes in pages (MaxResults and NextToken),
 * DescribeAddresses at once.
 */
async function simulatedAccount() {
  const calls: URLSearchParams[] = []
  const server = createServer(async (req, res) => {
    const chunks: Buffer[] = []
    for await (const chunk of req) chunks.push(chunk as Buffer)
    const asked = new URLSearchParams(Buffer.concat(chunks).toString('utf8'))
    calls.push(asked)
    if (asked.get('Action') === 'DescribeAddresses') {
      const all = Array.from({ length: MACHINES }, (_, at) => address(at)).join('')
      res.writeHead(200, { 'content-type': 'text/xml' })
      res.end(`<DescribeAddressesResponse><addressesSet>${all}</addressesSet></DescribeAddressesResponse>`)
      return
    }
    const from = Number(asked.get('NextToken') ?? 0)
    const until = Math.min(MACHINES, from + Math.min(1000, Number(asked.get('MaxResults') ?? 1000)))
    const action = asked.get('Action') ?? ''
    const of = action === 'DescribeVolumes' ? volume : instance
    const items = Array.from({ length: until - from }, (_, at) => of(from + at)).join('')
    const next = until < MACHINES ? `<nextToken>${until}</nextToken>` : ''
    const set =
      of === volume
        ? `<volumeSet>${items}</volumeSet>`
        : `<reservationSet><item><reservationId>r-1</reservationId><instancesSet>${items}</instancesSet></item></reservationSet>`
    res
      .writeHead(200, { 'content-type': 'text/xml' })
      .end(`<${action}Response xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">${set}${next}</${action}Response>`)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    calls,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => new Promise<void>((resolve) => void server.close(() => resolve()).closeAllConnections()),
  }
}

test('EC2: in pages by our tag', async () => {
  const account = await simulatedAccount()
  const driver = openEc2Driver({ site: SITE })
  const here: HostTarget = {
    id: 'host' as HostId,
    name: 'ec2-eu',
    address: account.url,
    provider: {
      region: 'eu-1',
      credentials: () => ({ account: 'AKIAEXAMPLE', secret: 'secret' }),
      ...{ settings: {}, types: [], limits: { cores: null, memoryMiB: null }, images: {} },
    },
  }
  const { machines, surplus, volumes, addresses } = await driver.list(here)
  await driver.close()
  await account.close()
  expect(volumes).toHaveLength(MACHINES)
  expect(addresses).toHaveLength(MACHINES)
  expect(machines.every(({ publics }, at) => publics?.[0]?.ip === ipOf(at))).toBe(true)
  expect(machines.every(({ name, disks }) => disks[0]?.name === name.replace('i-', 'vol-') && disks[0].attached)).toBe(
    true,
  )
  expect(new Set(machines.map(({ name }) => name)).size).toBe(MACHINES)
  expect(machines.every(({ domain }) => domain === 'running')).toBe(true)
  expect(surplus).toEqual([])
  expect(account.calls.length).toBeLessThanOrEqual(MOST_CALLS)
  const actions = account.calls.map((call) => call.get('Action'))
  for (const action of ['DescribeInstances', 'DescribeVolumes'])
    expect(actions.filter((one) => one === action)).toHaveLength(10)
  expect(actions.filter((one) => one === 'DescribeAddresses')).toHaveLength(1)
  expect(actions).toHaveLength(21)
  for (const call of account.calls) {
    if (call.get('Action') !== 'DescribeAddresses') expect(call.get('MaxResults')).toBe('1000')
    expect(call.get('Filter.1.Name')).toBe('tag:occi-gateway.site')
  }
}, 30_000)

test('ElasticHosts: by three lists of the account', async () => {
  const stage = await openElasticStage()
  const { world, account } = stage.zone
  for (let at = 0; at < MACHINES; at += 1) {
    const id = `00000000-0000-4000-9000-${String(at).padStart(12, '0')}`
    const config = {
      ...{ name: `og-${nameOf(at)}`, cpu: '2000', smp: '1', mem: '512', persistent: 'true' },
      ...{ 'user:vm': nameOf(at), 'user:site': SITE, 'user:record': id, 'user:epoch': '1.1' },
    }
    world.servers.set(id, { id, user: account.user, config, status: 'active', started: 1, ip: null, obeysAt: null })
  }
  const wire = await startWire(stage.zone.url)
  const { machines } = await stage.driver.list({ ...stage.here, address: wire.url })
  expect(machines).toHaveLength(MACHINES)
  expect(wire.requests.map(({ path }) => path)).toEqual(['/servers/info', '/drives/info', '/resources/ip/info'])
  await wire.close()
  await stage.close()
}, 30_000)

const INFRASTRUCTURE = 'http://schemas.ogf.org/occi/infrastructure#'
const OCCI_MODEL = {
  kinds: [
    {
      term: 'compute',
      scheme: INFRASTRUCTURE,
      parent: 'http://schemas.ogf.org/occi/core#resource',
      location: '/compute/',
    },
  ],
}
const compute = (at: number) => ({
  kind: `${INFRASTRUCTURE}compute`,
  id: `urn:uuid:00000000-0000-4000-8000-${String(at).padStart(12, '0')}`,
  title: titleOf(SITE, nameOf(at)),
  summary: summaryOf({ record: `r-${at}`, epoch: { era: 1, number: 1 }, madeAt: 1 }),
  attributes: { 'occi.compute.state': 'active' },
  actions: [`${INFRASTRUCTURE.slice(0, -1)}/compute/action#stop`],
})

/** A simulated server of OCCI 1.2 in JSON; `at` is asked for what lies there. */
async function simulatedServer(at: (path: string) => unknown) {
  const calls: string[] = []
  const server = createServer((req, res) => {
    calls.push(`${req.method} ${req.url}`)
    res.writeHead(200, { 'content-type': 'application/occi+json' }).end(JSON.stringify(at(req.url ?? '')))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    calls,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => new Promise<void>((resolve) => void server.close(() => resolve()).closeAllConnections()),
  }
}

test('OCCI in JSON: by one list, and what the server can do is asked once', async () => {
  const all = { resources: Array.from({ length: MACHINES }, (_, at) => compute(at)) }
  const server = await simulatedServer((path) => (path === '/-/' ? OCCI_MODEL : all))
  const driver = openOcciDriver({ site: SITE })
  const here: HostTarget = {
    ...{ id: 'north' as HostId, name: 'north', address: server.url },
    provider: {
      region: 'north-1',
      credentials: () => ({ account: 'me', secret: 'secret' }),
      ...{ settings: {}, types: [], limits: { cores: null, memoryMiB: null }, images: {} },
    },
  }
  for (let poll = 0; poll < 2; poll += 1) {
    const { machines, surplus } = await driver.list(here)
    expect(new Set(machines.map(({ name }) => name)).size).toBe(MACHINES)
    expect(machines.every(({ domain }) => domain === 'running')).toBe(true)
    expect(surplus).toEqual([])
  }
  await driver.close()
  await server.close()
  expect(server.calls).toEqual(['GET /-/', 'GET /compute/', 'GET /compute/'])
}, 30_000)
