/** A host that is dead, and an operator or a command that says so: what can run elsewhere does, and nothing before. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { lifecycle } from '../../src/model/lifecycle'
import type { HostWish } from '../../src/model/records'
import { openPump, type Pump } from '../support/pump'
import { startRedis, type TestRedis } from '../support/redis'
import { type Site, startSite } from '../support/site'

let redis: TestRedis
let site: Site
let pump: Pump
let folder: string
beforeAll(async () => {
  redis = await startRedis()
})
afterAll(() => redis.stop())
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fence-'))
  site = await startSite({ redis, hosts: 2, deadlineMs: 500 })
  pump = openPump(site, { hosts: 'age', hostPollMs: 3000 })
})
afterEach(async () => {
  await site.close()
  rmSync(folder, { recursive: true, force: true })
})

const copies = async (id: string): Promise<number> =>
  (await site.found((await site.compute(id)).wish.name)).filter(({ sighting }) => sighting.domain === 'running').length

/** A machine without disks on a host that is switched off; the other one answers. */
async function dead(wish: Partial<HostWish> = {}): Promise<string> {
  await site.setHost('sim-1', wish)
  await site.setHost('sim-2', { enabled: false })
  const [id = ''] = await site.order(1, { options: { restartable: true }, disks: [] })
  await pump.until(async () => lifecycle(await site.compute(id)) === 'running', 'a running machine')
  await site.setHost('sim-2', { enabled: true })
  await site.simulator.admin.vanish('sim-1')
  await pump.until(async () => lifecycle(await site.compute(id)) === 'unknown', 'an unknown machine')
  return id
}

const script = (text: string): string[] => {
  const path = join(folder, 'fence.sh')
  writeFileSync(path, text)
  return ['sh', path, folder]
}

/** Several minutes of the workers' time. */
async function minutes(count: number): Promise<void> {
  const end = pump.clock.now() + count * 60_000
  await pump.until(async () => pump.clock.now() >= end, 'time to pass')
}

test('nothing is started elsewhere by silence alone', async () => {
  const id = await dead()
  await minutes(10)
  expect((await site.compute(id)).place.hostName).toBe('sim-1')
  expect(lifecycle(await site.compute(id))).toBe('unknown')
  expect(await copies(id)).toBe(1)
})

test('an operator says that it is off: it runs elsewhere, and what the host still had is removed when it is back', async () => {
  const id = await dead()
  await site.setHost('sim-1', { fence: { level: 1, how: 'confirmed', at: 1, by: 'operator' } })
  await pump.until(async () => (await site.compute(id)).place.hostName === 'sim-2', 'another host')
  expect((await site.host('sim-1')).seen).toMatchObject({ fenced: { how: 'confirmed' }, fences: 1 })
  await site.simulator.admin.giveBack('sim-1', 'restarted')
  await pump.until(async () => (await site.host('sim-1')).seen.fenced === null, 'a cleared host')
  await pump.until(async () => (await site.found((await site.compute(id)).wish.name)).length === 1, 'one of it')
  expect(await copies(id)).toBe(1)
  expect((await site.compute(id)).place.hostName).toBe('sim-2')
})

test('a command is run by itself after two minutes, its failure is kept, and it is run again until it succeeds', async () => {
  const command = script('echo "run on $OCCI_HOST" >>"$1/runs"; [ -e "$1/may" ] || { echo no power; exit 1; }')
  const id = await dead({ fencing: { command } })
  await pump.until(async () => (await site.host('sim-1')).seen.fenceRun?.outcome === 'failed', 'a failed run')
  expect((await site.host('sim-1')).seen.fenceRun?.output).toBe('no power\nit ended with 1')
  expect((await site.compute(id)).place.hostName).toBe('sim-1')
  writeFileSync(join(folder, 'may'), '')
  await pump.until(async () => (await site.compute(id)).place.hostName === 'sim-2', 'another host')
  expect((await site.host('sim-1')).seen).toMatchObject({ fenced: { how: 'command' }, fenceRun: { outcome: 'done' } })
  const runs = readFileSync(join(folder, 'runs'), 'utf8').trimEnd().split('\n')
  expect(runs.length).toBeGreaterThanOrEqual(2)
  expect(new Set(runs)).toEqual(new Set(['run on sim-1']))
  // Once is enough.
  await minutes(5)
  expect(readFileSync(join(folder, 'runs'), 'utf8').trimEnd().split('\n')).toHaveLength(runs.length)
})

test('an order to fence a host that answers after all is void', async () => {
  const id = await dead()
  await site.simulator.admin.giveBack('sim-1')
  await site.setHost('sim-1', { fence: { level: 1, how: 'confirmed', at: 1, by: 'operator' } })
  await pump.until(async () => lifecycle(await site.compute(id)) === 'running', 'the machine as before')
  const { seen } = await site.host('sim-1')
  expect(seen).toMatchObject({ fenced: null, fences: 1, contact: 'ok' })
  expect((await site.compute(id)).place.hostName).toBe('sim-1')
})
