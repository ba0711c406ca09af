import fc from 'fast-check'
import { growth, hostRates, machineRates } from '../../../../src/model/usage/rates'
import type { MachineUsage } from '../../../../src/model/usage/use'

const amount = fc.integer({ min: 0, max: 1e9 })
const machine = (usage: Partial<MachineUsage> = {}): MachineUsage => ({
  name: 'i-1',
  cpuSeconds: 0,
  memoryMiB: 512,
  receivedBytes: 0,
  sentBytes: 0,
  readBytes: 0,
  writtenBytes: 0,
  ...usage,
})

describe('growth of a counter', () => {
  test('is what was used, over any course that is looked at now and then', () => {
    // Steps of use; a look after each. Without a restart the sum of all growths is all that was used.
    fc.assert(
      fc.property(fc.array(amount, { minLength: 1 }), (uses) => {
        let counter = 0
        const told = uses.map((used) => {
          const before = counter
          counter += used
          return growth(before, counter, 'goes on') ?? Number.NaN
        })
        expect(told.reduce((sum, one) => sum + one, 0)).toBe(counter)
      }),
    )
  })

  test('across a restart is what was used since, never less than nothing and never more than was used', () => {
    fc.assert(
      fc.property(amount, amount, amount, (before, lost, since) => {
        // `lost` was used before the restart and after the look before: nobody knows of it.
        const told = growth(before, since, 'anew')
        expect(told).toBe(since)
        expect(told).toBeLessThanOrEqual(lost + since)
      }),
    )
  })

  test('of one that became smaller by itself is unknown', () => {
    fc.assert(
      fc.property(amount, fc.integer({ min: 1, max: 1e9 }), (after, gone) => {
        expect(growth(after + gone, after, 'goes on')).toBeNull()
      }),
    )
  })
})

describe('rates of a machine', () => {
  test('are by the second', () => {
    const before = machine({ cpuSeconds: 10, receivedBytes: 1000, sentBytes: 5, readBytes: 0, writtenBytes: 7 })
    const after = machine({
      ...{ cpuSeconds: 25, memoryMiB: 1024 },
      ...{ receivedBytes: 4000, sentBytes: 5, readBytes: 30, writtenBytes: 10 },
    })
    expect(machineRates(before, after, 30_000)).toEqual({
      ...{ cpuCores: 0.5, memoryMiB: 1024 },
      ...{ receivedBytes: 100, sentBytes: 0, readBytes: 1, writtenBytes: 0.1 },
    })
  })

  test('of the first look are unknown, but for what needs no other', () => {
    expect(machineRates(null, machine({ cpuSeconds: 99 }), 30_000)).toEqual({
      ...{ cpuCores: null, memoryMiB: 512, receivedBytes: null, sentBytes: null, readBytes: null, writtenBytes: null },
    })
  })

  test('of a domain that was started anew count from its start, all of them, also where they passed what was before', () => {
    const before = machine({ cpuSeconds: 100, receivedBytes: 1000, readBytes: 1000 })
    const after = machine({ cpuSeconds: 3, receivedBytes: 6000, readBytes: 60 })
    expect(machineRates(before, after, 30_000)).toMatchObject({ cpuCores: 0.1, receivedBytes: 200, readBytes: 2 })
  })

  test('of which a disk was detached are unknown for that disk alone', () => {
    const before = machine({ cpuSeconds: 100, readBytes: 9_000_000, receivedBytes: 0 })
    const after = machine({ cpuSeconds: 103, readBytes: 4_000_000, receivedBytes: 30 })
    expect(machineRates(before, after, 30_000)).toMatchObject({ cpuCores: 0.1, readBytes: null, receivedBytes: 1 })
  })

  test('are never negative and never not a number', () => {
    const usage = fc.record({
      ...{ name: fc.constant('i-1'), cpuSeconds: amount, memoryMiB: amount },
      ...{ receivedBytes: amount, sentBytes: amount, readBytes: amount, writtenBytes: amount },
    })
    fc.assert(
      fc.property(usage, usage, fc.integer({ min: 1, max: 300_000 }), (before, after, ms) => {
        for (const value of Object.values(machineRates(before, after, ms)))
          expect(value === null || (Number.isFinite(value) && value >= 0)).toBe(true)
      }),
    )
  })
})

describe('rates of a host', () => {
  const use = (uptimeSeconds: number, cpuSeconds: number) => ({
    ...{ load: 1.5, uptimeSeconds, cpuSeconds, freeMemoryMiB: 100, machines: [] },
  })

  test('a domain that ended takes its time from the sum: unknown, and known again the next time', () => {
    expect(hostRates(use(1000, 5000), use(1030, 4000), 30_000)).toMatchObject({ cpuCores: null, load: 1.5 })
    expect(hostRates(use(1030, 4000), use(1060, 4060), 30_000)).toMatchObject({ cpuCores: 2 })
  })

  test('a host that was started anew counts from its start', () => {
    expect(hostRates(use(1000, 5000), use(20, 30), 30_000)).toEqual({ cpuCores: 1, load: 1.5, freeMemoryMiB: 100 })
  })

  test('the first look', () => {
    expect(hostRates(null, use(1000, 5000), 0)).toEqual({ cpuCores: null, load: 1.5, freeMemoryMiB: 100 })
  })
})
