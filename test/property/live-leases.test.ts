/** What holds of leases on the live path, whatever is ordered, reserved and ended in between (fast-check). */
import fc from 'fast-check'
import type { HostId } from '../../src/model/ids'
import type { Backfilling } from '../../src/model/placement'
import type { LeaseWish } from '../../src/model/records'
import { LiveSite } from '../support/live-site'
import { at, claimedHost } from '../support/reserved-hosts'

const MINUTE = 60_000
const sizeArb = fc
  .record({ cores: fc.integer({ min: 1, max: 3 }), gib: fc.integer({ min: 1, max: 4 }) })
  .map(({ cores, gib }) => ({ type: '', cores, cpuHundredths: cores * 100, memoryMiB: gib * 1024, diskGiB: 1 }))

const minutes = (most: number) => fc.integer({ min: 1, max: most }).map((count) => count * MINUTE)

type Event =
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'plain'; readonly preemptible: boolean }
  | { readonly kind: 'reserve'; readonly count: number; readonly inMs: number; readonly lasts: number }
  | { readonly kind: 'lease'; readonly lease: (now: number) => LeaseWish }
  | { readonly kind: 'end'; readonly which: number }

const leaseArb = fc.oneof(
  fc.record({ inMs: minutes(120), lasts: minutes(60) }).map(
    ({ inMs, lasts }) =>
      (now: number): LeaseWish => ({
        start: now + inMs,
        seconds: lasts / 1000,
      }),
  ),
  fc.record({ lasts: minutes(60), preemptible: fc.boolean() }).map(
    ({ lasts, preemptible }) =>
      (): LeaseWish => ({
        seconds: lasts / 1000,
        ...(preemptible ? { preemptible } : {}),
      }),
  ),
  fc.record({ lasts: minutes(60), preemptible: fc.boolean(), slack: minutes(120) }).map(
    ({ lasts, preemptible, slack }) =>
      (now: number): LeaseWish => ({
        seconds: lasts / 1000,
        deadline: now + lasts + 2 * MINUTE + slack,
        ...(preemptible ? { preemptible } : {}),
      }),
  ),
  minutes(60).map((lasts) => (): LeaseWish => ({ start: 'now', seconds: lasts / 1000 })),
)

const eventArb: fc.Arbitrary<Event> = fc.oneof(
  { weight: 3, arbitrary: minutes(40).map((ms): Event => ({ kind: 'wait', ms })) },
  { weight: 2, arbitrary: fc.boolean().map((preemptible): Event => ({ kind: 'plain', preemptible })) },
  {
    weight: 2,
    arbitrary: fc
      .record({ count: fc.integer({ min: 1, max: 3 }), inMs: minutes(120), lasts: minutes(60) })
      .map((asked): Event => ({ kind: 'reserve', ...asked })),
  },
  { weight: 5, arbitrary: leaseArb.map((lease): Event => ({ kind: 'lease', lease })) },
  { weight: 1, arbitrary: fc.nat(20).map((which): Event => ({ kind: 'end', which })) },
)

const backfillingArb: fc.Arbitrary<Backfilling> = fc.constantFrom(
  { kind: 'off' },
  { kind: 'aggressive' },
  { kind: 'intermediate', reservations: 2 },
  { kind: 'conservative' },
)

test('what was accepted is kept to the minute, and no host promises or gives away more than it has', () => {
  let promised = 0
  let reserved = 0
  let [foretold, untold] = [0, 0]
  fc.assert(
    fc.property(
      fc.array(fc.record({ event: eventArb, size: sizeArb }), { minLength: 8, maxLength: 20 }),
      backfillingArb,
      (events, backfilling) => {
        const site = new LiveSite(at(0), [claimedHost('h1'), claimedHost('h2', {}, { cores: 2 })], backfilling)
        const kept = new Map<string, string>()
        const look = () => {
          expect(site.wrongs()).toEqual([])
          const held = new Map(site.hosts.map(({ record, byId }) => [record.id, byId]))
          for (const [key, claim] of kept) {
            const [host = '', id = ''] = key.split(' ')
            expect(JSON.stringify(held.get(host as HostId)?.[id])).toBe(claim)
          }
        }
        for (const [index, { event, size }] of events.entries()) {
          switch (event.kind) {
            case 'wait':
              site.advance(event.ms, look)
              break
            case 'plain':
              site.order(size, event.preemptible ? { preemptible: true } : undefined)
              break
            case 'reserve': {
              const from = site.now + event.inMs
              if (site.reserve(`r${index}`, size, { count: event.count, from, until: from + event.lasts })) {
                reserved += 1
                for (const { record, byId } of site.hosts)
                  if (byId[`r${index}`]) kept.set(`${record.id} r${index}`, JSON.stringify(byId[`r${index}`]))
              }
              break
            }
            case 'lease': {
              const lease = event.lease(site.now)
              const { state } = site.room(size, lease)
              const id = site.order(size, lease)
              site.pass()
              // Whoever is refused at the order would be refused by the planner too.
              if (state === 'refused') expect(site.refused).toContain(id)
              if (state === 'refused') foretold += 1
              else if (site.refused.has(id)) untold += 1
              break
            }
            case 'end': {
              const id = [...site.records.keys()][event.which]
              if (id) site.terminate(id)
            }
          }
          site.pass()
          look()
        }
        site.advance(4 * 60 * MINUTE, look)
        promised += site.accepted
      },
    ),
    { numRuns: 60 },
  )
  expect(promised).toBeGreaterThan(20)
  expect(reserved).toBeGreaterThan(10)
  expect(foretold).toBeGreaterThan(10 * untold)
})
