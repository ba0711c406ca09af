/** Orders with terms: what can never be kept is refused by its term and changes nothing; the calendar shows what is promised. */
import type { LeaseWish } from '../../../src/model/records'
import type { Caller } from '../../../src/operations/context'
import type { RunOrder } from '../../../src/operations/operations'
import { type Gateways, OPERATOR, startGateways } from '../../support/gateways'
import { startRedis, type TestRedis } from '../../support/redis'

let redis: TestRedis
let site: Gateways
let ann: Caller
beforeAll(async () => {
  redis = await startRedis()
  site = await startGateways(redis)
  ann = (await site.project('ann')).caller
  await site.probeHosts({ cpuHundredths: 400, memoryMiB: 16_384, diskGiB: 100 })
})
afterAll(async () => {
  await site.close()
  await redis.stop()
})

const HOUR = 3_600_000
const run = (lease: LeaseWish, more: Partial<RunOrder> = {}) =>
  site.first.operations.runComputes(ann, { minCount: 1, maxCount: 1, lease, ...more })

test('terms are in the wish; a group that is ordered at once is that order’s alone', async () => {
  const start = site.clock.now() + HOUR
  const { computes } = await run(
    { start, seconds: 60, group: { name: 'pair', members: 2 } },
    { minCount: 2, maxCount: 2 },
  )
  const name = `pair/${computes[0]?.wish.reservation}`
  for (const { wish } of computes) expect(wish.lease).toEqual({ start, seconds: 60, group: { name, members: 2 } })
  const one = await run({ group: { name: 'pair', members: 3 } })
  expect(one.computes[0]?.wish.lease).toEqual({ group: { name: 'pair', members: 3 } })
})

test.each<[string, string, (now: number) => LeaseWish, Partial<RunOrder>]>([
  ['invalid', 'lease.start', (now) => ({ start: now - 1000 }), {}],
  ['invalid', 'lease.deadline', (now) => ({ seconds: 3600, deadline: now + HOUR }), {}],
  ['combination', 'lease.deadline', (now) => ({ deadline: now + HOUR }), {}],
  ['combination', 'lease.atEnd', () => ({ seconds: 60, atEnd: 'terminate' }), { options: { isProtected: true } }],
  ['combination', 'lease.group', () => ({ group: { name: 'pair', members: 2 } }), { maxCount: 2 }],
  ['unsupported', 'lease.duration', () => ({ seconds: 60 }), { capacity: { use: 'open' } }],
  ['no-capacity', 'lease.group', () => ({ group: { name: 'all', members: 999 } }), {}],
])('%s %s', async (kind, field, lease, more) => {
  const before = (await site.first.operations.listComputes(ann)).length
  const refused = run(lease(site.clock.now()), more)
  await expect(refused).rejects.toMatchObject({ kind, detail: { field } })
  expect(await site.first.operations.listComputes(ann)).toHaveLength(before)
})

describe('on hosts that are reserved for an hour', () => {
  let from = 0
  let zone = ''
  beforeAll(async () => {
    const { rows } = await site.first.operations.calendar(OPERATOR, { hours: 1 })
    zone = rows[0]?.zone ?? ''
    from = site.clock.now() + 5 * HOUR
    let room = 'held'
    while (room === 'held')
      room = await site.first.operations
        .createReservation(ann, { type: 't2.nano', count: 1, zone, startsAt: from, endsAt: from + HOUR })
        .then(() => 'held')
        .catch(({ kind }) => kind)
    expect(room).toBe('no-capacity')
  })

  test.each<[string, string, RegExp, (from: number) => LeaseWish]>([
    [
      'a start',
      'lease.start',
      /from .*Z to .*Z that .* others: it would fit from/,
      (from) => ({ start: from, seconds: 60 }),
    ],
    [
      'a start that lasts',
      'lease.start',
      /from .*Z on that is not promised to others: it would fit/,
      (from) => ({ start: from - HOUR }),
    ],
    [
      'a deadline',
      'lease.deadline',
      /for so long before .* it could be done by .*Z$/,
      (from) => ({ seconds: 5 * 3600, deadline: from + HOUR }),
    ],
  ])('%s is refused at once, with when and what would fit, and changes nothing', async (_, field, says, lease) => {
    const before = (await site.first.operations.listComputes(ann)).length
    const refused = run(lease(from), { zone })
    await expect(refused).rejects.toMatchObject({ kind: 'no-capacity', detail: { field } })
    await expect(refused).rejects.toThrow(says)
    expect(await site.first.operations.listComputes(ann)).toHaveLength(before)
  })

  test('what ends before, begins after, or may be suspended meanwhile is ordered', async () => {
    for (const lease of [
      { start: from - HOUR, seconds: 1800 },
      { start: from + HOUR + 60_000 },
      { seconds: 5 * 3600, deadline: from + 3 * HOUR, preemptible: true },
    ] satisfies readonly LeaseWish[])
      expect((await run(lease, { zone })).computes).toHaveLength(1)
  })

  test('machines with a deadline that are more than fit at once may run one after another', async () => {
    const many = { zone, minCount: 50, maxCount: 50 }
    await expect(run({ start: 'now', seconds: 60 }, many)).rejects.toMatchObject({ kind: 'no-capacity' })
    expect((await run({ seconds: 60, deadline: from - HOUR }, many)).computes).toHaveLength(50)
  })
})

test('a machine of a dedicated host may have terms', async () => {
  const start = site.clock.now() + 50 * HOUR
  const { computes } = await run({ start, seconds: 60 }, { hosting: { alone: true } })
  expect(computes[0]?.wish).toMatchObject({ lease: { start }, hosting: { alone: true } })
})

test('the calendar has a row for each host, and takes a zone and hours', async () => {
  const { rows, from, to } = await site.first.operations.calendar(OPERATOR, { hours: 2 })
  expect(to - from).toBe(2 * HOUR)
  expect(rows.map(({ hostName }) => hostName)).toContain('sim-1')
  const [first] = rows
  expect(first?.free).toEqual([{ from, free: first?.usable }])
  const inside = await site.first.operations.calendar(OPERATOR, { hours: 2, zone: first?.zone ?? '' })
  expect(new Set(inside.rows.map(({ zone }) => zone))).toEqual(new Set([first?.zone]))
  const asked = { hours: 2, zone: 'nowhere' }
  await expect(site.first.operations.calendar(OPERATOR, asked)).rejects.toMatchObject({ detail: { field: 'zone' } })
  for (const hours of [0, 1.5, 9000])
    await expect(site.first.operations.calendar(OPERATOR, { hours })).rejects.toMatchObject({
      kind: 'invalid',
      detail: { field: 'hours' },
    })
})
