import fc from 'fast-check'
import { endOf, type LeasePlace, type LeaseWish, leaseElsewhere, type Parked } from '../../../src/model/lease'

const MINUTE = 60_000
const parked: Parked = { since: 20 * MINUTE, how: 'saved', by: 'cr-1', released: true }
const machine = (lease: LeaseWish, place: { readonly lease?: LeasePlace; readonly parked?: Parked }) => ({
  wish: { exists: true, lease },
  place,
})

describe('what was planned for a machine that is moved', () => {
  const terms = { preemptible: true, seconds: 3600 } as const
  const planned = { run: 10 * MINUTE, ends: 70 * MINUTE }

  test('stays as it is while it has its place', () => {
    expect(leaseElsewhere(machine(terms, { lease: planned }), 30 * MINUTE)).toBe(planned)
    expect(leaseElsewhere(machine(terms, {}), 30 * MINUTE)).toBeUndefined()
  })

  test('begins anew with what is left of it, once it had given its place away', () => {
    const before = machine(terms, { lease: { ...planned, ran: 60 }, parked })
    expect(leaseElsewhere(before, 300 * MINUTE)).toEqual({
      ran: 11 * 60,
      run: 300 * MINUTE,
      ends: 300 * MINUTE + 49 * MINUTE,
    })
  })

  const later = {
    number: 1,
    host: 'h' as never,
    lead: 'resume',
    from: 1,
    run: 2,
    stop: 3,
    to: 4,
    ends: 'done',
  } as const

  test('is done in one stretch: nothing is promised where it was saved any more', () => {
    const deadline = { ...terms, deadline: 600 * MINUTE }
    const before = { lease: { ...planned, booked: [later] } }
    expect(leaseElsewhere(machine(deadline, { ...before, parked }), 30 * MINUTE)).toEqual({
      ran: 600,
      run: 30 * MINUTE,
      ends: 80 * MINUTE,
    })
    expect(leaseElsewhere(machine(deadline, before), 30 * MINUTE)).toBe(before.lease)
  })

  test('has no end where it had none', () => {
    const group = { preemptible: true, group: { name: 'pair', members: 2 } } as const
    expect(leaseElsewhere(machine(group, { lease: { run: 0 }, parked }), 30 * MINUTE)).toEqual({
      ran: 1200,
      run: 30 * MINUTE,
    })
  })

  test('is nothing any more once its time was over', () => {
    const over = machine({ ...terms, over: 15 * MINUTE }, { lease: planned, parked })
    expect(leaseElsewhere(over, 30 * MINUTE)).toBe(planned)
    expect(endOf(over)).toBeUndefined()
  })
})

test('however often it gives way and is moved, it runs for as long as it asked for', () => {
  const ms = fc.integer({ min: 0, max: 100 * MINUTE })
  fc.assert(
    fc.property(fc.array(fc.record({ runs: ms, aside: ms }), { maxLength: 8 }), (stretches) => {
      let now = 0
      let has = 3_600_000
      let lease: LeasePlace | undefined = { run: 0, ends: has }
      for (const { runs, aside } of stretches) {
        const end = endOf(machine({ seconds: 3600, preemptible: true }, lease ? { lease } : {})) ?? 0
        expect(end - now).toBe(has)
        if (runs >= has) return
        now += runs
        has = Math.max(1000, has - runs)
        const place = { ...(lease ? { lease } : {}), parked: { ...parked, since: now } }
        now += aside
        lease = leaseElsewhere(machine({ seconds: 3600, preemptible: true }, place), now)
      }
    }),
  )
})
