/** GET /metrics of a whole app: who may have it, and that it tells what is there. */
import { buildApp } from '../../../../src/http/app'
import { METRICS } from '../../../../src/http/metrics'
import { MOST_MACHINES } from '../../../../src/http/metrics/of-machines'
import { type Listening, listen } from '../../../../src/http/server'
import { advance, type HostUsage, type MachineUsage } from '../../../../src/model/usage'
import type { MachineInUse, SiteUsage } from '../../../../src/operations/usage/operations'
import { computeRecord } from '../../../support/compute-record'
import { basicOf, startApp, type TestApp } from '../../../support/http'
import { startRedis, type TestRedis } from '../../../support/redis'

let redis: TestRedis
let app: TestApp
/** The same with `metricsOpen`. */
let open: Listening
beforeAll(async () => {
  redis = await startRedis()
  app = await startApp(redis)
  const { operations, site, logged } = app
  const product = { name: 'occi-gateway', version: '0.0.0' }
  const config = { site: site.site, metricsOpen: true }
  const opened = buildApp({ operations, config, product, log: logged.log, clock: site.clock })
  open = await listen(opened, { host: '127.0.0.1', port: 0, log: logged.log })
})
afterAll(async () => {
  await open.close(500)
  await app.close()
  await redis.stop()
})

const get = (headers: Record<string, string> = {}, port = app.port) =>
  fetch(`http://127.0.0.1:${port}/metrics`, { headers })
const scrape = async (): Promise<string> => (await get({ authorization: `Bearer ${app.token}` })).text()

const machine = (name: string, cpuSeconds: number): MachineUsage => ({
  ...{ name, cpuSeconds, memoryMiB: 512, receivedBytes: 10, sentBytes: 20, readBytes: 30, writtenBytes: 40 },
})

/** As a host job does, twice: machines use half a core each. */
async function look(host: string, names: readonly string[]): Promise<void> {
  const found = app.site.first.context.mirror.named(`host:${host}`)
  if (found?.kind !== 'host') throw new Error(`no host ${host}`)
  const { store, clock } = app.site
  const usage = (cpuSeconds: number): HostUsage => ({
    ...{ load: 0.75, uptimeSeconds: 5000, cpuSeconds, freeMemoryMiB: 1024 },
    machines: names.map((name) => machine(name, cpuSeconds / 2)),
  })
  const { window: before } = advance(found.id, null, usage(60), clock.at - 30_000)
  const [former = null] = await store.readUsage([found.id], 'machines')
  const { window, points } = advance(found.id, before, usage(90), clock.at)
  await store.keepUsage(found.id, former, window, points)
}

describe('who may have it', () => {
  it('an operator, with the token', async () => {
    const answer = await get({ authorization: `Bearer ${app.token}` })
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(await answer.text()).toContain('occi_gateway_host_up{host="sim-1"}')
  })

  it('nobody else: not without a token, not with a wrong one, no tenant in any way', async () => {
    const { password } = await app.site.project('tenant')
    const { token } = await app.site.first.operations.addToken(
      { actor: { user: 'operator', key: '', source: '', requestId: '' } },
      { user: 'tenant' },
    )
    const tries: Record<string, string>[] = [
      ...[{}, { authorization: 'Bearer nonsense' }, basicOf('tenant', password)],
      ...[{ authorization: `Bearer ${token}` }, { 'x-auth-token': token }],
    ]
    for (const headers of tries) {
      const answer = await get(headers)
      expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, 'Bearer realm="occi-gateway"'])
      expect(await answer.text()).not.toContain('occi_gateway_')
    }
  })

  it('with metricsOpen: who asks from this machine, but nobody for whom a proxy here asks', async () => {
    expect((await get({}, open.port)).status).toBe(200)
    for (const header of ['X-Forwarded-For', 'Forwarded', 'Via', 'X-Real-IP'])
      expect((await get({ [header]: '203.0.113.9' }, open.port)).status).toBe(401)
    const both = { 'X-Forwarded-For': '203.0.113.9', authorization: `Bearer ${app.token}` }
    expect((await get(both, open.port)).status).toBe(200)
  })

  it('other methods and paths below it are none', async () => {
    const answer = await fetch(`http://127.0.0.1:${open.port}/metrics/more`)
    expect(answer.status).toBe(401)
    expect((await fetch(`http://127.0.0.1:${open.port}/metrics`, { method: 'POST' })).status).toBe(401)
  })
})

describe('what it tells', () => {
  it('hosts, machines by state, what each uses, the work to be done and the process', async () => {
    const { caller } = await app.site.project('ann')
    const { computes } = await app.operations.runComputes(caller, { minCount: 3, maxCount: 3 })
    await app.site.probeHosts({ cpuHundredths: 800, memoryMiB: 16_384, diskGiB: 100 })
    const [first, second] = computes
    if (!first || !second) throw new Error('no machines')
    const host = app.site.first.context.mirror.named('host:sim-1')
    if (host?.kind !== 'host') throw new Error('no host')
    for (const { id } of [first, second])
      await app.site.run(id, { place: { host: host.id, hostName: 'sim-1', zone: host.wish.zone } })
    await look('sim-1', [first.wish.name])
    app.site.clock.at += 10_000
    const text = await scrape()
    const of = `{machine="${first.wish.name}",project="ann",host="sim-1"}`
    for (const line of [
      `occi_gateway_host_info{host="sim-1",zone="${host.wish.zone}",driver="simulator",simulated="true"} 1`,
      'occi_gateway_host_up{host="sim-1"} 1',
      'occi_gateway_host_last_seen_age_seconds{host="sim-1"} 10',
      'occi_gateway_host_capacity_cores{host="sim-1"} 8',
      'occi_gateway_host_cpu_cores{host="sim-1"} 1',
      'occi_gateway_host_load1{host="sim-1"} 0.75',
      'occi_gateway_host_free_memory_bytes{host="sim-1"} 1073741824',
      'occi_gateway_host_uptime_seconds{host="sim-1"} 5000',
      'occi_gateway_machines{project="ann",state="pending"} 1',
      'occi_gateway_machines{project="ann",state="running"} 2',
      `occi_gateway_machine_cpu_seconds_total${of} 45`,
      `occi_gateway_machine_memory_bytes${of} 536870912`,
      `occi_gateway_machine_received_bytes_total${of} 10`,
      `occi_gateway_machine_written_bytes_total${of} 40`,
      'occi_gateway_machines_left_out 0',
      `occi_gateway_machines_waiting ${(await app.site.store.waiting(9)).length}`,
    ])
      expect(text.split('\n')).toContain(line)
    // What has no domain, or whose host tells nothing, has no series.
    expect(text).not.toContain(`machine="${second.wish.name}"`)
    expect(text).not.toContain('occi_gateway_host_load1{host="sim-2"}')
    expect(text).toMatch(/^occi_gateway_agenda_due \d+$/m)
    expect(text).toMatch(/^process_resident_memory_bytes [1-9]\d{6,}$/m)
  })

  it('only metrics that are listed, with exactly their labels', async () => {
    for (const line of (await scrape()).trimEnd().split('\n')) {
      if (line.startsWith('#')) continue
      const [, name = '', labels = ''] = /^([a-z0-9_]+)(?:\{(.*)\})? \S+$/.exec(line) ?? []
      const metric = METRICS.find((one) => one.name === name)
      expect([name, [...labels.matchAll(/(\w+)="/g)].map(([, label]) => label)]).toEqual([name, metric?.labels])
    }
  })

  it('not what was measured of a host that does not answer any more', async () => {
    const site = await app.operations.siteUsage()
    const silent: SiteUsage = {
      ...site,
      hosts: site.hosts.map((host) => ({ ...host, seen: { ...host.seen, contact: 'lost' as const } })),
    }
    const told = (name: string) => METRICS.find((one) => one.name === name)?.samples(silent) ?? []
    expect(told('occi_gateway_host_load1')).toEqual([])
    expect(told('occi_gateway_host_up').map(({ value }) => value)).toEqual(site.hosts.map(() => 0))
    expect(told('occi_gateway_host_capacity_cores')).not.toEqual([])
  })

  const inUse = (usage: MachineUsage): MachineInUse => {
    const record = computeRecord()
    const rates = { cpuCores: 0, memoryMiB: 1, receivedBytes: 0, sentBytes: 0, readBytes: 0, writtenBytes: 0 }
    const kept = { usage, rates, slots: { hour: null, day: null } }
    return { record: { ...record, wish: { ...record.wish, name: usage.name } }, project: 'ann', host: 'h', kept }
  }
  const siteOf = (machines: readonly MachineInUse[]): SiteUsage => ({
    ...{ at: 0, hosts: [], machines, projects: [], jobs: null },
    ...{ backlog: { entries: 0, due: 0, waiting: 0 }, costs: { month: '1970-01', at: 0, projects: [] } },
  })

  it('a counter that no look could tell yet has no series, which would fall to nothing and rise by all', () => {
    const site = siteOf([inUse({ ...machine('i-1', 5), sentBytes: null })])
    const told = (name: string) =>
      METRICS.find((one) => one.name === name)
        ?.samples(site)
        .map(({ value }) => value)
    expect(told('occi_gateway_machine_sent_bytes_total')).toEqual([])
    expect(told('occi_gateway_machine_received_bytes_total')).toEqual([10])
  })

  it('no more than so many single machines, and how many were left out', () => {
    const site = siteOf(Array.from({ length: MOST_MACHINES + 7 }, (_, i) => inUse(machine(`i-${i}`, i))))
    for (const metric of METRICS) {
      const samples = metric.samples(site)
      if (metric.labels.includes('machine')) expect(samples).toHaveLength(MOST_MACHINES)
      if (metric.name === 'occi_gateway_machines_left_out') expect(samples).toEqual([{ labels: {}, value: 7 }])
      if (metric.name === 'occi_gateway_jobs') expect(samples).toEqual([])
    }
  })
})

describe('the admin API', () => {
  it('GET /usage: hosts and machines now', async () => {
    const { status, body } = await app.admin('GET', '/usage')
    expect(status).toBe(200)
    expect(body).toMatchObject({
      hosts: expect.arrayContaining([
        expect.objectContaining({
          ...{ name: 'sim-1', simulated: true, contact: 'ok', cores: 8, memoryMiB: 16_384 },
          ...{ load: 0.75, cpuCores: 1, freeMemoryMiB: 1024, uptimeSeconds: 5000 },
          seenAt: new Date(app.site.clock.at - 10_000).toISOString(),
        }),
      ]),
      machines: [expect.objectContaining({ project: 'ann', host: 'sim-1', state: 'running', cpuCores: 0.5 })],
    })
  })

  it('GET /hosts/:name: when it was really seen last', async () => {
    expect((await app.admin('GET', '/hosts/sim-1')).body).toMatchObject({
      ...{ seenAt: new Date(app.site.clock.at - 10_000).toISOString(), load: 0.75, cpuCores: 1, uptimeSeconds: 5000 },
    })
    expect((await app.admin('GET', '/hosts/sim-2')).body).toMatchObject({ load: null, uptimeSeconds: null })
  })

  it('GET /usage/hosts/:name and /usage/machines/:name: the last hour or day', async () => {
    const { machines } = await app.operations.siteUsage()
    const name = machines.find(({ kept }) => kept !== null)?.record.wish.name ?? ''
    expect(await app.admin('GET', '/usage/hosts/sim-1')).toEqual({ status: 200, body: { points: [] } })
    const { store, clock } = app.site
    const host = app.site.first.context.mirror.named('host:sim-1')
    if (host?.kind !== 'host') throw new Error('no host')
    const [former = null] = await store.readUsage([host.id], 'machines')
    const next = advance(host.id, former, null, clock.at + 60_000)
    await store.keepUsage(host.id, former, next.window, next.points)
    const told = await app.admin('GET', `/usage/machines/${name}?window=hour`)
    expect(told.body).toEqual({
      points: [expect.objectContaining({ cpuCores: 0.5, memoryMiB: 512, readBytes: 0, at: expect.any(String) })],
    })
    expect((await app.admin('GET', `/usage/machines/${name}?window=week`)).status).toBe(400)
    expect((await app.admin('GET', '/usage/machines/i-00000000000000000')).status).toBe(404)
    expect((await app.admin('GET', '/usage/hosts/none')).status).toBe(404)
  })
})
