/** A simulator that is stopped, or killed as a real process, has everything that it acknowledged. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import type { Driver } from '../../../../workers/drivers/driver'
import {
  openSimulatorAdmin,
  openSimulatorDriver,
  runSimulator,
  type Snapshot,
} from '../../../../workers/drivers/simulator'
import { type StartedProcess, startProcess } from '../../../support/process'
import { claim, definition, rootOrder, startMachine } from '../../../support/simulated-machine'
import { simulatedHost, startSimulator } from '../../../support/simulator'
import { until } from '../../../support/until'

const HOST = simulatedHost('sim-1')

/** A snapshot without what real time moves by itself. */
const timeless = (snapshot: Snapshot): unknown =>
  JSON.parse(JSON.stringify(snapshot, (key, value) => (key === 'now' || key === 'percent' ? 0 : value)))

test('after a restart everything is as it was: machines, guard, results, work, faults, clock', async () => {
  const simulator = await startSimulator({ hosts: 2 })
  const { driver, admin, host } = simulator
  await startMachine(driver, host(1), 'i-1')
  const on = claim('i-2').effect()
  await driver.undefine(host(1), on)
  await admin.duration({ verb: 'disk.ensure', ms: 60_000 })
  const copy = claim('i-3').effect()
  await driver.disk.ensure(host(1), copy, rootOrder('i-3'))
  await admin.refuse({ verb: 'save', times: 1 })
  await admin.addForeign('sim-2', { name: 'theirs', size: definition('x').size })
  await admin.advance(5_000)
  const before = await admin.snapshot()
  await simulator.restart()
  const after = await until(() => admin.snapshot())
  expect(timeless(after)).toEqual(timeless(before))
  await expect(driver.find(host(1), { ...on, epoch: { era: 0, number: 1 } })).rejects.toMatchObject({ kind: 'stale' })
  const adopted = await driver.disk.ensure(host(1), claim('i-3').effect(copy.key), rootOrder('i-3'))
  expect(adopted.state).toBe('running')
  await admin.advance(60_000)
  const done = await driver.disk.ensure(host(1), claim('i-3').effect(copy.key), rootOrder('i-3'))
  expect(done.state).toBe('done')
  await simulator.close()
})

test('its socket removed: who is connected stays so, and others find it again', async () => {
  const { admin, host, socket, close } = await startSimulator()
  await admin.snapshot()
  rmSync(socket)
  expect((await admin.snapshot()).hosts).toHaveLength(1)
  const other = openSimulatorDriver({ socket })
  await until(() => other.capacity(host(1)))
  await admin.snapshot()
  await other.close()
  await close()
})

test('a ledger line is dropped after 30 days and its epoch is the floor from then on', async () => {
  const { driver, admin, host, close } = await startSimulator()
  const older = claim('i-1')
  await startMachine(driver, host(1), 'i-2')
  const gone = claim('i-1')
  await driver.find(host(1), gone)
  await admin.advance(30 * 24 * 3_600_000)
  expect(Object.keys((await admin.snapshot()).hosts[0]?.resources ?? {})).toEqual(['i-2'])
  await expect(driver.find(host(1), older)).rejects.toMatchObject({ kind: 'stale' })
  await expect(driver.find(host(1), { ...gone, resource: 'i-9' })).rejects.toMatchObject({ kind: 'stale' })
  expect((await driver.find(host(1), claim('i-9'))).domain).toBe('absent')
  await close()
})

test('what a kill left half written is not read', async () => {
  const simulator = await startSimulator()
  const { driver, host, folder } = simulator
  await startMachine(driver, host(1), 'i-1')
  const resources = join(folder, 'hosts', 'sim-1', 'resources')
  writeFileSync(join(resources, 'i-1.json.new'), '{"name":"i-1","gu')
  await simulator.restart()
  expect((await until(() => driver.find(host(1), claim('i-1')))).domain).toBe('running')
  expect(readdirSync(resources)).toEqual(['i-1.json'])
  await simulator.close()
})

test('a second simulator at the same socket is refused', async () => {
  const { socket, folder, close } = await startSimulator()
  const second = runSimulator({ folder, socket, log: pino({ level: 'silent' }) })
  await expect(second).rejects.toMatchObject({ kind: 'conflict' })
  await close()
})

describe('a real process', () => {
  let folder: string
  let child: StartedProcess
  let driver: Driver
  const socket = () => join(folder, 's.sock')
  const start = async (): Promise<void> => {
    child = startProcess('test/support/run-simulator.ts', [join(folder, 'data'), socket(), '2'])
    await child.says('simulator-listens')
  }
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'sim-'))
    await start()
    driver = openSimulatorDriver({ socket: socket() })
  })
  afterEach(async () => {
    await driver.close()
    await child.kill()
    rmSync(folder, { recursive: true, force: true })
  })

  test('calls in flight are unreachable at once, later ones work when it is back', async () => {
    const admin = openSimulatorAdmin({ socket: socket() })
    await admin.freeze('sim-1')
    const waiting = Promise.all([1, 2, 3].map((n) => driver.find(HOST, claim(`i-${n}`)).catch((fault) => fault.kind)))
    await admin.snapshot()
    await child.kill()
    expect(await waiting).toEqual(['unreachable', 'unreachable', 'unreachable'])
    await expect(driver.capacity(HOST)).rejects.toMatchObject({ kind: 'unreachable' })
    await start()
    await until(async () => {
      await admin.giveBack('sim-1')
      return 'answered'
    })
    expect((await until(() => driver.capacity(HOST))).version).toBe('simulator 1')
    await admin.close()
  })

  test('killed five times in the middle of many effects: all acknowledged is there, each once', async () => {
    const done = new Set<string>()
    let going = 'yes'
    const build = async (name: string): Promise<void> => {
      const steps = [
        {
          key: `${name}/disk`,
          run: (key: string) => driver.disk.ensure(HOST, claim(name).effect(key), rootOrder(name)),
        },
        { key: `${name}/define`, run: (key: string) => driver.define(HOST, claim(name).effect(key), definition(name)) },
        { key: `${name}/power`, run: (key: string) => driver.power(HOST, claim(name).effect(key), { to: 'on' }) },
      ]
      for (const { key, run } of steps) await until(() => run(key), { timeoutMs: 20_000 })
      done.add(name)
    }
    const worker = async (number: number): Promise<void> => {
      for (let index = 0; going === 'yes'; index++) await build(`i-${number}-${index}`)
    }
    const workers = [1, 2, 3, 4].map(worker)
    for (let kill = 1; kill <= 5; kill++) {
      const already = done.size
      await until(() => done.size > already + 3)
      await child.kill()
      await start()
    }
    going = 'no'
    await Promise.all(workers)
    const admin = openSimulatorAdmin({ socket: socket() })
    const resources = (await admin.snapshot()).hosts[0]?.resources ?? {}
    expect(Object.keys(resources).sort()).toEqual([...done].sort())
    for (const { effects, sighting } of Object.values(resources)) {
      expect(effects).toEqual({ 'disk.ensure': 1, define: 1, 'power.on': 1 })
      expect(sighting.domain).toBe('running')
    }
    await admin.close()
  }, 60_000)
})
