import { DEFAULT_OVERHEADS } from '../../../support/lease-overheads'
import { HOUR, hosts, lease, nodes, plan, running } from '../../../support/lease-snapshot'

const reservation = (id: string, count: number, start: number, more = {}) =>
  lease(id, { count, terms: { kind: 'reservation', start }, preemptible: false, ...more })

describe('hosts that go away', () => {
  const ar = reservation('ar', 2, HOUR)
  const { booked = [] } = plan([ar]).accepted[0] ?? {}
  const without = (...gone: readonly number[]) => nodes(4).filter(({ id }) => !hosts(...gone).includes(id))

  test('a reservation is planned on others', () => {
    expect(booked[0]?.nodes).toEqual(hosts(1, 2))
    const after = plan([{ ...ar, booked }], { nodes: without(1) })
    expect(after.accepted).toMatchObject([{ lease: 'ar', booked: [{ nodes: hosts(2, 3), run: HOUR }] }])
    expect(after.broken).toEqual([])
  })

  test('others give way for that, as when it was asked for', () => {
    const others = [2, 3, 4].map((number) =>
      lease(`be-${number}`, { submitted: number, state: running(number), seconds: null }),
    )
    const after = plan([{ ...ar, booked }, ...others], { nodes: without(1) })
    expect(after.kept.map((entry) => entry.lease)).toEqual(['be-3', 'be-4'])
  })

  test('it is broken only where there are no others', () => {
    const after = plan([{ ...ar, booked }], { nodes: without(1, 2, 3) })
    expect(after.broken).toMatchObject([{ lease: 'ar' }])
    expect(after.calendar).toEqual([])
  })

  test('what waits there waits for others', () => {
    expect(plan([lease('be', { nodes: hosts(1) })], { nodes: without(1) }).waiting).toMatchObject([
      { lease: 'be', earliestStart: null, reason: 'it fits on no hosts that are here, whatever ends' },
    ])
  })
})

describe('a reservation', () => {
  test('is booted before it starts, where there is time', () => {
    const overheads = { ...DEFAULT_OVERHEADS, bootSeconds: 20, shutdownSeconds: 10 }
    const { accepted, next } = plan([reservation('ar', 1, 100)], { overheads })
    expect(accepted[0]?.booked).toMatchObject([{ from: 80, run: 100, stop: 100 + HOUR, to: 110 + HOUR }])
    expect(next).toBe(80)
    const soon = plan([reservation('ar', 1, 5)], { overheads })
    expect(soon.start).toMatchObject([{ lease: 'ar', segment: { from: 0, run: 20, stop: 5 + HOUR } }])
  })

  test('begins late rather than not at all when the plan is asked late, and ends when it was to', () => {
    const ar = reservation('ar', 1, 100)
    const { booked = [] } = plan([ar]).accepted[0] ?? {}
    expect(plan([{ ...ar, booked }], { now: 107 }).start).toMatchObject([
      { segment: { from: 107, run: 107, stop: 100 + HOUR } },
    ])
  })

  test('waits for whoever leaves late, and does not begin beside it', () => {
    const ar = reservation('ar', 4, 100)
    const { booked = [] } = plan([ar]).accepted[0] ?? {}
    const late = lease('late', { state: { kind: 'suspending', nodes: hosts(1), ran: 10, to: 103 } })
    const held = plan([{ ...ar, booked }, late], { now: 100 })
    expect(held.start).toEqual([])
    expect(held.next).toBe(103)
    const gone = { ...late, state: { kind: 'suspended', nodes: hosts(1), ran: 10 } as const }
    expect(plan([{ ...ar, booked }, gone], { now: 103 }).start).toHaveLength(1)
  })

  test('keeps out what would still run then, and lets in what is away by then', () => {
    const ar = reservation('ar', 4, HOUR)
    const { booked = [] } = plan([ar]).accepted[0] ?? {}
    const firm = (id: string, seconds: number) => lease(id, { seconds, preemptible: false })
    const { start, waiting } = plan([{ ...ar, booked }, firm('long', HOUR + 1), firm('short', HOUR)])
    expect(start.map((entry) => entry.lease)).toEqual(['short'])
    expect(waiting).toMatchObject([{ lease: 'long', earliestStart: 2 * HOUR }])
  })

  test('that runs holds its room to its end, whoever asks', () => {
    const ar = reservation('ar', 4, 0, { state: running(1, 2, 3, 4), booked: [] })
    expect(plan([ar, reservation('other', 1, 60)]).rejected).toMatchObject([{ lease: 'other', stage: 'room' }])
    expect(plan([ar, lease('be')]).waiting).toMatchObject([{ lease: 'be', earliestStart: HOUR }])
  })
})

describe('a deadline', () => {
  const deadline = (id: string, by: number, more = {}) => lease(id, { terms: { kind: 'deadline', by }, ...more })

  test('is put off within its time for a reservation that needs the room', () => {
    const work = deadline('work', 4 * HOUR, { count: 4, preemptible: false })
    const { booked = [] } = plan([work]).accepted[0] ?? {}
    expect(booked).toMatchObject([{ from: 0, to: HOUR }])
    const asked = plan([
      {
        ...work,
        booked: booked.map((segment) => ({ ...segment, from: 600, run: 600, stop: 600 + HOUR, to: 600 + HOUR })),
      },
      reservation('ar', 4, 600),
    ])
    expect(asked.accepted).toMatchObject([
      { lease: 'ar', booked: [{ from: 600 }] },
      { lease: 'work', booked: [{ from: 600 + HOUR, to: 600 + 2 * HOUR }] },
    ])
  })

  test('is not broken for one: the reservation is refused', () => {
    const work = deadline('work', 600 + HOUR, { count: 4, preemptible: false })
    const { booked = [] } = plan([work]).accepted[0] ?? {}
    const later = booked.map((segment) => ({ ...segment, from: 600, run: 600, stop: 600 + HOUR, to: 600 + HOUR }))
    const { accepted, rejected, calendar } = plan([{ ...work, booked: later }, reservation('ar', 1, 600)])
    expect([accepted, rejected.map((entry) => entry.lease)]).toEqual([[], ['ar']])
    expect(calendar).toEqual([{ lease: 'work', segment: later[0] }])
  })

  test('that cannot be moved leaves those that would give way to it as they were', () => {
    const be = lease('be', { submitted: 1, state: { ...running(1), until: 600 } as never, seconds: null })
    const work = deadline('work', 600 + HOUR, { count: 4, preemptible: false })
    const booked = [
      {
        nodes: hosts(1, 2, 3, 4),
        lead: 'boot' as const,
        from: 600,
        run: 600,
        stop: 600 + HOUR,
        to: 600 + HOUR,
        ends: 'done' as const,
      },
    ]
    const { rejected, calendar } = plan([be, { ...work, booked }, reservation('ar', 4, 700, { submitted: 9 })], {
      now: 9,
    })
    expect(rejected.map((entry) => entry.lease)).toEqual(['ar'])
    expect(calendar.map(({ lease: id, segment }) => [id, segment.from, segment.to])).toEqual([
      ['be', 9, 600],
      ['work', 600, 600 + HOUR],
    ])
  })

  test('whose time came while somebody held its room makes that one go, late as it is', () => {
    const be = lease('be', { submitted: 1, state: running(1), seconds: null })
    const work = deadline('work', HOUR + 20, { nodes: hosts(1), preemptible: false })
    const booked = [
      {
        nodes: hosts(1),
        lead: 'boot' as const,
        from: 20,
        run: 20,
        stop: 20 + HOUR,
        to: 20 + HOUR,
        ends: 'done' as const,
      },
    ]
    const { suspend, start, broken } = plan([be, { ...work, booked }], { now: 30 })
    expect([suspend, start, broken]).toEqual([[{ lease: 'be', by: 64, because: '' }], [], []])
  })

  test('makes best-effort leases give way', () => {
    const others = [1, 2, 3, 4].map((number) =>
      lease(`be-${number}`, { submitted: number, state: running(number), seconds: null }),
    )
    const { accepted, suspend } = plan([...others, deadline('work', 2 * HOUR, { submitted: 9 })], { now: 10 })
    expect(accepted).toMatchObject([{ lease: 'work', booked: [{ nodes: hosts(4), from: 44 }] }])
    expect(suspend).toMatchObject([{ lease: 'be-4', because: 'work' }])
  })
})
