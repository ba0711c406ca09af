/** Worked examples, by number: four nodes of one core and 1 GiB, 32 MiB/s, 2 s a command. */
import type { HostId } from '../../../../src/model/ids'
import {
  DEFAULT_RULES,
  type LeaseRules,
  type LeaseSnapshot,
  type planLeases,
} from '../../../../workers/scheduler/leases'
import { suspendSeconds } from '../../../../workers/scheduler/leases/costs'
import { DEFAULT_OVERHEADS } from '../../../support/lease-overheads'
import { LeaseClock, type Request, type World } from '../../../support/lease-world'

const MACHINE = { cpuHundredths: 100, memoryMiB: 1024, diskGiB: 0 }
const nodes = [1, 2, 3, 4].map((number) => ({ id: `n${number}` as HostId, room: MACHINE }))
const overheads = { ...DEFAULT_OVERHEADS, commandSeconds: 2 }

/** Seconds of a time of day. */
function at(time: string): number {
  const [hours = 0, minutes = 0, seconds = 0] = time.split(':').map(Number)
  return hours * 3600 + minutes * 60 + seconds
}

interface Asked {
  readonly id: string
  readonly when: string
  readonly machines?: number
  readonly minutes: number
  readonly start?: string
  readonly by?: string
  readonly kind?: 'immediate'
  readonly preemptible?: false
  readonly really?: number
}

function request({ id, when, machines = 1, minutes, start, by, kind, preemptible, really }: Asked): Request {
  const terms = start
    ? ({ kind: 'reservation', start: at(start) } as const)
    : by
      ? ({ kind: 'deadline', by: at(by) } as const)
      : ({ kind: kind ?? 'best-effort' } as const)
  const lease = {
    id,
    machines: Array.from({ length: machines }, () => MACHINE),
    seconds: minutes * 60,
    terms,
    submitted: at(when),
    preemptible: preemptible ?? true,
  }
  return really === undefined ? { lease } : { lease, real: really * 60 }
}

const world = (asked: readonly Asked[], more: Partial<World> = {}): World => ({
  nodes,
  overheads,
  rules: DEFAULT_RULES,
  requests: asked.map(request),
  ...more,
})

const run = (asked: readonly Asked[], more: Partial<World> = {}): LeaseClock => new LeaseClock(world(asked, more)).run()
const withoutSuspension: LeaseRules = { ...DEFAULT_RULES, preemption: 'none' }

/** The last plan up to that time. */
function planAt(asked: readonly Asked[], time: string, more: Partial<World> = {}) {
  let last: ReturnType<typeof planLeases> | undefined
  const watch = (_: LeaseSnapshot, plan: ReturnType<typeof planLeases>): void => {
    last = plan
  }
  run(asked, { ...more, until: at(time), watch })
  if (!last) throw new Error('there was no plan')
  return last
}

describe('worked examples of leases', () => {
  test('L1: a reservation preempts, and gives the place back', () => {
    const clock = run([
      { id: 'be', when: '13:00', minutes: 60 },
      { id: 'ar', when: '13:15', machines: 4, minutes: 30, start: '13:30' },
    ])
    expect(clock.happened.map(({ at: time, lease, what }) => [time, lease, what])).toEqual([
      [at('13:00'), 'be', 'boots'],
      [at('13:00'), 'be', 'runs'],
      [at('13:15'), 'ar', 'accepted'],
      [at('13:29:26'), 'be', 'suspends'],
      [at('13:30'), 'be', 'suspended'],
      [at('13:30'), 'ar', 'boots'],
      [at('13:30'), 'ar', 'runs'],
      [at('14:00'), 'ar', 'shuts down'],
      [at('14:00'), 'ar', 'ended'],
      [at('14:00'), 'be', 'resumes'],
      [at('14:00:34'), 'be', 'runs'],
      [at('14:31:08'), 'be', 'shuts down'],
      [at('14:31:08'), 'be', 'ended'],
    ])
  })

  const two: readonly Asked[] = [
    { id: 'first', when: '13:00', minutes: 60 },
    { id: 'second', when: '13:00', machines: 4, minutes: 15 },
  ]
  test('L2: who waits has a time of its own, and moves up when somebody ends early', () => {
    const { waiting, calendar } = planAt(two, '13:00')
    expect(waiting).toEqual([
      {
        lease: 'second',
        place: 1,
        earliestStart: at('14:00'),
        reason: 'it waits for room, and a time is reserved for it',
      },
    ])
    expect(calendar.find(({ lease }) => lease === 'second')?.segment).toMatchObject({
      run: at('14:00'),
      to: at('14:15'),
    })
    const clock = run(two.map((asked) => (asked.id === 'first' ? { ...asked, really: 30 } : asked)))
    expect([clock.at('second', 'runs'), clock.at('second', 'ended')]).toEqual([[at('13:30')], [at('13:45')]])
  })

  test('L3: a queue goes in order', () => {
    const ids = ['1', '2', '3', '4', '5', '6', '7', '8']
    const asked = ids.map((id) => ({ id, when: '13:00', machines: 4, minutes: 15 }))
    expect(
      planAt(asked, '13:00').waiting.map(({ lease, place, earliestStart }) => [lease, place, earliestStart]),
    ).toEqual(ids.slice(1).map((id, index) => [id, index + 1, at('13:00') + (index + 1) * 900]))
    const clock = run(asked)
    const starts = ids.flatMap((id) => clock.at(id, 'runs'))
    expect(starts).toEqual(ids.map((_, index) => at('13:00') + index * 900))
    expect(clock.at('8', 'ended')).toEqual([at('15:00')])
    expect(starts.reduce((sum, start) => sum + start - at('13:00'), 0) / ids.length).toBe(52.5 * 60)
  })

  test('L4: now or not at all', () => {
    const plan = planAt(
      [
        { id: 'all', when: '13:00', machines: 4, minutes: 60, preemptible: false },
        { id: 'now', when: '13:10', minutes: 10, kind: 'immediate' },
      ],
      '13:10',
    )
    expect(plan.rejected).toEqual([{ lease: 'now', stage: 'room', reason: 'there is no room for all of it now' }])
  })

  test('L5: of two reservations that clash, the later one is refused', () => {
    const ar = (id: string, machines: number, start: string, minutes: number): Asked => ({
      id,
      when: '13:00',
      machines,
      minutes,
      start,
    })
    const clock = run([ar('1', 3, '15:00', 60), ar('2', 2, '15:30', 15), ar('3', 1, '15:30', 15)])
    expect(['1', '2', '3'].map((id) => clock.happened.find(({ lease }) => lease === id)?.what)).toEqual([
      'accepted',
      'rejected',
      'accepted',
    ])
    expect([clock.at('1', 'runs'), clock.at('3', 'runs')]).toEqual([[at('15:00')], [at('15:30')]])
  })

  describe('L6: backfilling', () => {
    const asked: readonly Asked[] = [
      { id: 'A', when: '9:00', machines: 3, minutes: 60 },
      { id: 'B', when: '9:00', machines: 4, minutes: 60 },
      { id: 'C', when: '9:00', machines: 1, minutes: 30 },
      { id: 'D', when: '9:00', machines: 1, minutes: 120 },
    ]
    test('without suspension', () => {
      const clock = run(asked, { rules: withoutSuspension })
      expect([clock.at('C', 'runs'), clock.at('C', 'ended')]).toEqual([[at('9:00')], [at('9:30')]])
      expect([clock.at('B', 'runs'), clock.at('B', 'ended')]).toEqual([[at('10:00')], [at('11:00')]])
      expect([clock.at('D', 'runs'), clock.at('D', 'ended')]).toEqual([[at('11:00')], [at('13:00')]])
    })
    test('with suspension', () => {
      const clock = run(asked)
      expect([clock.at('B', 'runs'), clock.at('B', 'ended')]).toEqual([[at('10:00')], [at('11:00')]])
      expect(clock.at('D', 'runs')).toEqual([at('9:30'), at('11:00:34')])
      expect(clock.at('D', 'suspends')).toEqual([at('9:59:26')])
      expect(clock.at('D', 'ended')).toEqual([at('12:31:08')])
    })
    test('off: strictly in order', () => {
      const clock = run(asked, { rules: { ...withoutSuspension, backfilling: { kind: 'off' } } })
      expect(['B', 'C', 'D'].flatMap((id) => clock.at(id, 'runs'))).toEqual([at('10:00'), at('11:00'), at('11:00')])
    })
  })

  test('L7: eight machines are suspended, two to a node', () => {
    const machines = Array.from({ length: 8 }, () => MACHINE)
    const places = [0, 0, 1, 1, 2, 2, 3, 3]
    expect(suspendSeconds(overheads, machines, places)).toBe(80)
    expect(suspendSeconds({ ...overheads, checkpoints: 'shared' }, machines, places)).toBe(272)
  })

  test.each([
    ['40 s', 40, []],
    ['67 s', 67, []],
    ['68 s', 68, [0]],
  ])('L8: with %s before a reservation', (_, seconds, starts) => {
    const clock = run(
      [
        { id: 'ar', when: '0:00', machines: 4, minutes: 60, start: `0:00:${seconds}` },
        { id: 'be', when: '0:00', minutes: 60 },
      ],
      { until: seconds - 1 },
    )
    expect(clock.at('be', 'runs')).toEqual(starts)
  })

  test('L9: a deadline', () => {
    const reserved: Asked = { id: 'ar', when: '12:00', machines: 4, minutes: 180, start: '14:00' }
    const asked = (by: string): Asked[] => [reserved, { id: 'work', when: '13:00', minutes: 120, by }]
    expect(planAt(asked('18:00'), '13:00').rejected).toMatchObject([{ lease: 'work', stage: 'room' }])
    const clock = run(asked('18:05'))
    expect(clock.at('work', 'runs')).toEqual([at('13:00'), at('17:00:34')])
    expect(clock.at('work', 'suspends')).toEqual([at('13:59:26')])
    expect(clock.at('work', 'ended')).toEqual([at('18:01:08')])
  })

  test('L10: all of a group or none of it', () => {
    const plan = planAt(
      [
        { id: 'two', when: '13:00', machines: 2, minutes: 60 },
        { id: 'three', when: '13:05', machines: 3, minutes: 60 },
      ],
      '13:05',
    )
    expect(plan.start).toEqual([])
    expect(plan.waiting).toMatchObject([{ lease: 'three', place: 1, earliestStart: at('14:00') }])
  })

  test('L11: an image is copied as late as possible', () => {
    const copies: unknown[] = []
    const { lease } = request({ id: 'ar', when: '13:00', minutes: 60, start: '15:00' })
    const clock = new LeaseClock({
      ...world([], { overheads: { ...overheads, imageMibPerSecond: 10 } }),
      requests: [{ lease: { ...lease, image: { name: 'debian', mib: 4096 } } }],
      watch: (_, { transfer }) => copies.push(...transfer.map(({ from, to }) => [from, to])),
    }).run()
    expect(copies).toEqual([[at('14:53:10') + 0.4, at('15:00')]])
    expect(clock.at('ar', 'runs')).toEqual([at('15:00')])
  })
})
