import fc from 'fast-check'
import type { HostId } from '../../../../src/model/ids'
import { advance, type HostUsage, type HostWindow, type MachineUsage, type Reached } from '../../../../src/model/usage'

const HOST = 'eeeeeeee-0000-4000-8000-000000000001' as HostId
const T0 = 1_800_000_000_000

const machine = (name: string, cpuSeconds: number): MachineUsage => ({
  ...{ name, cpuSeconds, memoryMiB: 512, receivedBytes: 0, sentBytes: 0, readBytes: 0, writtenBytes: 0 },
})
const usage = (cpuSeconds: number, ...machines: readonly MachineUsage[]): HostUsage => ({
  ...{ load: 0.5, uptimeSeconds: 1000 + cpuSeconds, cpuSeconds, freeMemoryMiB: 4096, machines },
})

/** Looks at these seconds after T0. */
function follow(looks: readonly (readonly [seconds: number, usage: HostUsage | null])[]) {
  let window: HostWindow | null = null
  const points: Reached[] = []
  for (const [seconds, told] of looks) {
    const next: ReturnType<typeof advance> = advance(HOST, window, told, T0 + seconds * 1000)
    window = next.window
    points.push(...next.points)
  }
  return { window, points }
}

test('rates come with the second look', () => {
  const { window } = follow([
    [0, usage(100, machine('i-1', 10))],
    [30, usage(130, machine('i-1', 25))],
  ])
  expect(window).toMatchObject({
    at: T0 + 30_000,
    host: { usage: { load: 0.5, cpuSeconds: 130 }, rates: { cpuCores: 1, load: 0.5, freeMemoryMiB: 4096 } },
    machines: { 'i-1': { rates: { cpuCores: 0.5, memoryMiB: 512, readBytes: 0 } } },
  })
  expect(window?.host?.usage).not.toHaveProperty('machines')
})

test('what a host could not tell for once was nothing, and comes with the next look', () => {
  const sent = (cpuSeconds: number, sentBytes: number | null) => usage(1, { ...machine('i-1', cpuSeconds), sentBytes })
  const rate = (...looks: Parameters<typeof follow>[0]) => follow(looks).window?.machines['i-1']
  const first = [0, sent(1, 1000)] as const
  const silent = [10, sent(2, null)] as const
  expect(rate(first, silent)).toMatchObject({ usage: { sentBytes: 1000 }, rates: { sentBytes: 0, cpuCores: 0.1 } })
  expect(rate(first, silent, [20, sent(3, 1600)])).toMatchObject({
    usage: { sentBytes: 1600 },
    rates: { sentBytes: 60 },
  })
  expect(rate(silent)).toMatchObject({ usage: { sentBytes: null, readBytes: 0 } })
  expect(rate(silent, [20, sent(3, 1600)])).toMatchObject({ rates: { sentBytes: null, cpuCores: 0.1 } })
})

test('every half minute a point for the hour, every five minutes one for the day', () => {
  const looks = Array.from({ length: 121 }, (_, i) => [i * 5, usage(i * 10, machine('i-1', i * 5))] as const)
  const { points } = follow(looks)
  const of = (kind: string, window: string) =>
    points.filter((point) => point.subject.kind === kind && point.window === window)
  // 600 s: slots that are over.
  expect(of('host', 'hour')).toHaveLength(20)
  expect(of('machine', 'hour')).toHaveLength(20)
  expect(of('host', 'day')).toHaveLength(2)
  for (const { point } of of('host', 'hour')) expect(point.values).toEqual([2, 0.5, 4096])
  for (const { point } of of('machine', 'day')) expect(point.values).toEqual([1, 512, 0, 0, 0, 0])
})

test('the same moment again changes nothing', () => {
  const { window } = follow([[0, usage(1)]])
  expect(advance(HOST, window, usage(99), T0)).toEqual({ window, points: [] })
})

test('a host that tells nothing was still seen', () => {
  expect(follow([[0, null]]).window).toEqual({ at: T0, host: null, machines: {} })
})

test('of a machine that has no domain any more the last point is told, and it begins anew when it is back', () => {
  const { window, points } = follow([
    [0, usage(1, machine('i-1', 1))],
    [10, usage(2, machine('i-1', 2))],
    [20, usage(3)],
  ])
  expect(points).toEqual(
    (['hour', 'day'] as const).map((name) => ({
      subject: { kind: 'machine', name: 'i-1' },
      window: name,
      point: { at: T0, values: [0.1, 512, 0, 0, 0, 0] },
    })),
  )
  expect(window?.machines).toEqual({})
  const back = advance(HOST, window, usage(4, machine('i-1', 3)), T0 + 30_000)
  expect(back.window.machines['i-1']?.rates.cpuCores).toBeNull()
})

test.each([
  ['a long silence', 301],
  ['a clock that was put back', -3600],
])('after %s rates begin anew, and what was begun is told', (_what, seconds) => {
  const { window, points } = follow([
    [0, usage(1, machine('i-1', 1))],
    [10, usage(2, machine('i-1', 2))],
    [10 + seconds, usage(900, machine('i-1', 800))],
  ])
  expect(window).toMatchObject({
    at: T0 + (10 + seconds) * 1000,
    host: { rates: { cpuCores: null, load: 0.5 } },
    machines: { 'i-1': { rates: { cpuCores: null } } },
  })
  expect(points.map(({ subject, window: name }) => `${subject.kind} ${name}`)).toEqual([
    ...['host hour', 'host day', 'machine hour', 'machine day'],
  ])
})

test('whatever comes, no rate is negative, no point is told twice, and only what is there is kept', () => {
  const look = fc.record({
    ms: fc.integer({ min: -5000, max: 400_000 }),
    cpu: fc.integer({ min: 0, max: 1e6 }),
    machines: fc.uniqueArray(fc.constantFrom('i-1', 'i-2', 'i-3')),
  })
  fc.assert(
    fc.property(fc.array(look, { maxLength: 40 }), (looks) => {
      let window: HostWindow | null = null
      let at = T0
      let isBackwards = false
      const told = new Set<string>()
      for (const { ms, cpu, machines } of looks) {
        at += ms
        if (ms < 0) isBackwards = true
        const next: ReturnType<typeof advance> = advance(
          HOST,
          window,
          usage(cpu, ...machines.map((name) => machine(name, cpu))),
          at,
        )
        if (ms !== 0 || window === null) expect(Object.keys(next.window.machines)).toEqual(machines)
        for (const { subject, window: name, point } of next.points) {
          const key = `${subject.kind === 'host' ? 'host' : subject.name} ${name} ${point.at}`
          // A machine that went and came within a slot is told in two parts.
          if (subject.kind === 'host' && !isBackwards) expect(told.has(key)).toBe(false)
          told.add(key)
          for (const value of point.values) expect(value === null || value >= 0).toBe(true)
        }
        window = next.window
      }
    }),
  )
})
