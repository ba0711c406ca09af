import { DEFAULT_RULES } from '../../../../workers/scheduler/leases'
import { DEFAULT_OVERHEADS } from '../../../support/lease-overheads'
import { begun, HOUR, hosts, lease, plan, running } from '../../../support/lease-snapshot'

const reservation = (count: number, start: number, more = {}) =>
  lease('ar', { count, terms: { kind: 'reservation', start }, preemptible: false, submitted: 50, ...more })

describe('who gives way to a reservation', () => {
  const old = lease('old', { submitted: 10, state: running(1) })
  const young = lease('young', { submitted: 20, state: running(2) })
  const firm = lease('firm', { submitted: 30, state: running(3), preemptible: false, seconds: null })

  test('the youngest, and no more than it takes', () => {
    const { accepted, kept } = plan([old, young, firm, reservation(2, 1800)], { now: 60 })
    expect(accepted).toMatchObject([{ lease: 'ar', booked: [{ nodes: hosts(4, 2), run: 1800, to: 1800 + HOUR }] }])
    expect(kept).toEqual([{ lease: 'young', until: 1800 }])
  })

  test('then the one before it; never one that is not preemptible', () => {
    expect(plan([old, young, firm, reservation(3, 1800)], { now: 60 }).kept).toEqual([
      { lease: 'old', until: 1800 },
      { lease: 'young', until: 1800 },
    ])
    const refused = plan([old, young, firm, reservation(4, 1800)], { now: 60 })
    expect(refused.rejected).toMatchObject([{ lease: 'ar', stage: 'room' }])
    expect(refused.kept).toEqual([])
  })

  test('nobody where suspending is off, or takes longer than the notice is', () => {
    const off = plan([old, young, reservation(3, 1800)], { now: 60, rules: { ...DEFAULT_RULES, preemption: 'none' } })
    expect(off.rejected).toMatchObject([{ lease: 'ar', stage: 'room' }])
    expect(plan([old, young, reservation(3, 93)], { now: 60 }).rejected).toHaveLength(1)
    expect(plan([old, young, reservation(3, 94)], { now: 60 }).suspend).toEqual([
      { lease: 'young', by: 94, because: 'ar' },
    ])
  })

  test('nobody who was submitted more than 7 days ago', () => {
    const now = 10 + 7 * 24 * HOUR
    const both = [old, lease('other', { submitted: 10, state: running(2), seconds: null })].map((one) => ({
      ...one,
      seconds: null,
    }))
    expect(plan([...both, reservation(3, now + 60)], { now }).accepted).toHaveLength(1)
    expect(plan([...both, reservation(3, now + 61)], { now: now + 1 }).rejected).toMatchObject([{ stage: 'room' }])
  })

  test('it is suspended when its time comes, not before', () => {
    const cut = { ...young, state: { ...running(2), until: 1800 } as typeof young.state }
    const booked = plan([old, young, firm, reservation(2, 1800)], { now: 60 }).accepted[0]?.booked ?? []
    const ar = reservation(2, 1800, { booked })
    const at = (now: number) => plan([old, cut, firm, ar], { now })
    expect(at(1765).suspend).toEqual([])
    expect(at(1765).next).toBe(1766)
    expect(at(1766).suspend).toEqual([{ lease: 'young', by: 1800, because: 'ar' }])
    expect(at(1766).start).toEqual([])
  })

  test('machines on one disk are suspended one after another, so that both are away in time', () => {
    const two = [{ id: hosts(1)[0] ?? hosts(1)[0], room: { cpuHundredths: 200, memoryMiB: 2048, diskGiB: 0 } }]
    const wide = { machines: [{ cpuHundredths: 200, memoryMiB: 2048, diskGiB: 0 }] }
    const both = [lease('a', { submitted: 1, state: running(1) }), lease('b', { submitted: 2, state: running(1) })]
    const { calendar } = plan([...both, reservation(1, 1800, wide)], {
      now: 60,
      nodes: two.flatMap(({ id, room }) => (id ? [{ id, room }] : [])),
    })
    const stops = calendar.filter(({ lease: id }) => id !== 'ar').map(({ segment }) => [segment.stop, segment.to])
    expect(stops).toEqual([
      [1766, 1800],
      [1732, 1766],
    ])
  })
})

test('of two on one disk only as many give way as are away in time', () => {
  const room = { cpuHundredths: 200, memoryMiB: 2048, diskGiB: 0 }
  const one = hosts(1).map((id) => ({ id, room }))
  const both = [lease('a', { submitted: 1, state: running(1) }), lease('b', { submitted: 2, state: running(1) })]
  const asked = (start: number) => plan([...both, reservation(1, start, { machines: [room] })], { now: 60, nodes: one })
  expect(asked(60 + 67).rejected).toMatchObject([{ lease: 'ar', stage: 'room' }])
  expect(asked(60 + 68).suspend).toEqual([{ lease: 'b', by: 94, because: 'ar' }])
})

describe('who was suspended', () => {
  const saved = (more = {}) => lease('saved', { state: { kind: 'suspended', nodes: hosts(1), ran: 600 }, ...more })

  test('resumes where it is, at its old place in the queue', () => {
    const { resume, waiting } = plan([saved({ submitted: 1 }), lease('late', { submitted: 2, count: 4 })])
    expect(resume).toMatchObject([{ lease: 'saved', segment: { lead: 'resume', run: 34, to: 34 + 3000 } }])
    expect(waiting).toMatchObject([{ lease: 'late', earliestStart: 3034 }])
  })

  test('moves where that is possible and its own host is taken, with the time that takes', () => {
    const other = lease('other', { submitted: -1, state: running(1), preemptible: false })
    expect(plan([other, saved()]).resume).toEqual([])
    const overheads = { ...DEFAULT_OVERHEADS, commandSeconds: 2, moveMibPerSecond: 8 }
    expect(plan([other, saved()], { overheads }).resume).toMatchObject([
      { segment: { lead: 'move', nodes: hosts(2), run: 128 + 34 } },
    ])
  })

  test('waits where its host is away and its memory with it, but not where all hosts share it', () => {
    const away = [2, 3].map((number) => ({
      id: hosts(number)[0] ?? ('' as never),
      room: { cpuHundredths: 100, memoryMiB: 1024, diskGiB: 0 },
    }))
    const overheads = { ...DEFAULT_OVERHEADS, moveMibPerSecond: 8 }
    expect(plan([saved()], { nodes: away, overheads }).waiting).toMatchObject([{ lease: 'saved', earliestStart: null }])
    const shared = { ...overheads, checkpoints: 'shared' as const }
    expect(begun(plan([saved()], { nodes: away, overheads: shared }))).toEqual([['saved', 'move', hosts(2)]])
  })
})

test('who was promised to leave stays where nobody needs its room any more', () => {
  const cut = lease('cut', { state: { ...running(1), until: 900 } as never })
  expect(plan([cut]).kept).toEqual([{ lease: 'cut', until: null }])
})

test('a lease without an end runs until somebody needs its room, and is asked for no end', () => {
  const endless = lease('endless', { seconds: null })
  expect(plan([endless]).start).toMatchObject([{ lease: 'endless', segment: { stop: null, to: null, ends: 'done' } }])
})
