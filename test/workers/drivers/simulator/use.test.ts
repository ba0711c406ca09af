/** What simulated hosts use is made up, but as plausible as it is repeatable. */
import fc from 'fast-check'
import { NO_EPOCH } from '../../../../src/model/epoch'
import { hostRates, machineRates } from '../../../../src/model/usage/rates'
import type { HostUsage, MachineUsage } from '../../../../workers/drivers/driver'
import type { HostState, Machine, Resource } from '../../../../workers/drivers/simulator/state'
import { usage } from '../../../../workers/drivers/simulator/use'
import { definition, SMALL } from '../../../support/simulated-machine'

const T0 = 1_800_000_000_000
const host: HostState = {
  ...{ name: 'sim-1', capacity: { cpuHundredths: 800, memoryMiB: 16_384, diskGiB: 100 }, boot: 'b', boots: 1 },
  ...{ bootedAt: T0, contact: 'ok', floor: NO_EPOCH, foreign: [], networks: [], lacks: [] },
}
const resource = (name: string, parts: Partial<Machine> = {}): Resource => ({
  ...{ name, guard: { epoch: NO_EPOCH, results: [], work: null }, disks: [], snapshots: [], work: null },
  ...{ departedAt: null, effects: {} },
  machine: {
    definition: { ...definition(name), disks: [], interfaces: [], seed: null },
    ...{ domain: 'running', startedAt: T0, deaf: false, rules: {}, console: '' },
    ...parts,
  },
})
const at = (now: number, ...all: readonly Resource[]): HostUsage =>
  usage(host, all, { ours: () => true, takenMiB: 1024, now })
const first = ({ machines }: HostUsage): MachineUsage => {
  if (!machines[0]) throw new Error('no machine')
  return machines[0]
}
const ms = fc.integer({ min: 0, max: 10 * 86_400_000 })
const name = fc.stringMatching(/^i-[0-9a-f]{17}$/)

test('the same machine at the same moment uses the same', () => {
  fc.assert(
    fc.property(name, ms, (one, age) => {
      expect(at(T0 + age, resource(one))).toEqual(at(T0 + age, resource(one)))
    }),
  )
})

test('counters only grow, and no machine uses more than its cores', () => {
  fc.assert(
    fc.property(name, ms, fc.integer({ min: 1000, max: 300_000 }), (one, age, step) => {
      const [before, after] = [at(T0 + age, resource(one)), at(T0 + age + step, resource(one))]
      const rates = machineRates(first(before), first(after), step)
      for (const value of Object.values(rates)) expect(value).toBeGreaterThanOrEqual(0)
      // Counters are told to the thousandth.
      expect(rates.cpuCores).toBeLessThanOrEqual(SMALL.cores + 0.01)
      const { cpuCores } = hostRates(before, after, step)
      expect(cpuCores).toBeGreaterThanOrEqual((rates.cpuCores ?? 0) - 0.01)
    }),
  )
})

test('a host: uptime since its boot, free memory, and the load of what runs there', () => {
  expect(at(T0 + 90_500)).toEqual({
    ...{ load: 0.05, uptimeSeconds: 90, cpuSeconds: 4.525, freeMemoryMiB: 15_360, machines: [] },
  })
  expect(at(T0 + 90_500, resource('i-1'), resource('i-2')).load).toBeGreaterThan(0.05)
})

test('only machines that run are told; those of others count for the host alone', () => {
  const all = [
    resource('i-1'),
    resource('i-2', { domain: 'paused' }),
    resource('i-3', { domain: 'off', startedAt: null }),
    { ...resource('i-4'), machine: null },
  ]
  expect(at(T0 + 60_000, ...all).machines.map((one) => one.name)).toEqual(['i-1'])
  const others = usage(host, all, { ours: () => false, takenMiB: 0, now: T0 + 60_000 })
  expect(others.machines).toEqual([])
  expect(others.cpuSeconds).toBe(at(T0 + 60_000, ...all).cpuSeconds)
})
