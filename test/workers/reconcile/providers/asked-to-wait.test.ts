/** A provider that throttles is asked ever more seldom and stays in contact; one that never has time is taken at its word. */

import { fault } from '../../../../src/faults'
import { isStuck, lifecycle, stateMessage } from '../../../../src/model/lifecycle'
import type { ComputeRecord } from '../../../../src/model/records'
import { postponed } from '../../../../workers/reconcile/journal'
import { computeRecord } from '../../../support/compute-record'
import { type Ec2Site, openEc2Site } from '../../../support/ec2-site'
import { type Partner, startPartner } from '../../../support/partner'
import type { WireFault, WireRequest } from '../../../support/provider-wire'
import { startRedis, type TestRedis } from '../../../support/redis'
import { intentOf } from '../intent-of'

const answer = (status: number, code: string): WireFault => ({
  kind: 'answer',
  status,
  body: `<Response><Errors><Error><Code>${code}</Code><Message>no</Message></Error></Errors><RequestID>r</RequestID></Response>`,
})
const THROTTLED = answer(503, 'RequestLimitExceeded')
const NOT_NOW = answer(400, 'IncorrectInstanceState')
const asks =
  (action: string) =>
  ({ body }: WireRequest): boolean =>
    body.includes(`Action=${action}&`)

describe('at EC2', () => {
  let redis: TestRedis
  let partner: Partner
  let stage: Ec2Site
  beforeAll(async () => {
    ;[redis, partner] = await Promise.all([startRedis(), startPartner()])
  })
  afterAll(async () => {
    await partner.close()
    await redis.stop()
  })
  beforeEach(async () => {
    stage = await openEc2Site(redis, partner)
  })
  afterEach(() => stage.close())

  const is = (id: string, state: string) => async () => lifecycle(await stage.site.compute(id)) === state
  async function seconds(many: number): Promise<void> {
    for (let turn = 0; turn < many; turn += 1) {
      await stage.pump.turn()
      stage.pump.clock.advance(1000)
    }
  }

  test('looks that are throttled grow rare, are told, and say nothing of the account or its machines', async () => {
    const [id = ''] = await stage.site.order(1)
    await stage.until(is(id, 'running'), 'it to run')
    stage.wire.next(THROTTLED, () => true, 10_000)
    await stage.site.wish(id, () => ({ power: 'off', how: 'hard' }))
    const before = stage.wire.requests.length
    await seconds(60)
    // The account's own polls are some.
    expect(stage.wire.requests.length - before).toBeLessThan(25)
    const record = await stage.site.compute(id)
    expect(record.journal.trouble).toMatchObject({ kind: 'throttled', step: 'look' })
    expect(stateMessage(record)).toContain('its provider asks to wait (RequestLimitExceeded)')
    expect((await stage.site.host('sim-2')).seen).toMatchObject({ contact: 'ok', lostSince: null })
    stage.wire.calm()
    await stage.until(is(id, 'poweroff'), 'it to be stopped')
    expect((await stage.site.compute(id)).journal).toMatchObject({ trouble: null, stuck: null })
  })

  test('an order that is throttled grows rare too, and is done once', async () => {
    stage.wire.next(THROTTLED, asks('RunInstances'), 10_000)
    const [id = ''] = await stage.site.order(1)
    await seconds(60)
    const orders = stage.wire.requests.filter(asks('RunInstances'))
    expect(orders.length).toBeGreaterThan(2)
    expect(orders.length).toBeLessThan(12)
    expect((await stage.site.compute(id)).journal).toMatchObject({ attempts: 1, failures: 0, avoid: [] })
    stage.wire.calm()
    await stage.until(is(id, 'running'), 'it to run')
    expect(await stage.there((await stage.site.compute(id)).wish.name)).toHaveLength(1)
  })

  test('what it never has time for is stuck in the end, and told', async () => {
    const [id = ''] = await stage.site.order(1)
    await stage.until(is(id, 'running'), 'it to run')
    stage.wire.next(NOT_NOW, asks('TerminateInstances'), 10_000)
    await stage.site.wish(id, () => ({ exists: false }))
    await seconds(60)
    expect(isStuck(await stage.site.compute(id))).toBe(false)
    expect(stage.wire.requests.filter(asks('TerminateInstances')).length).toBeLessThan(15)
    await stage.until(async () => isStuck(await stage.site.compute(id)), 'it to be stuck')
    expect((await stage.site.compute(id)).journal.stuck).toMatchObject({
      step: 'define',
      message: 'its provider asks to wait (IncorrectInstanceState)',
    })
    stage.wire.calm()
    await stage.until(is(id, 'done'), 'it to be gone')
  })
})

test('a start that its provider never has time for is undone there and done elsewhere, unless it ran', () => {
  const NOW = 1_800_000_000_000
  const deed = { step: 'power', direction: 'up', item: 'on' } as const
  const busy = fault('busy', 'its provider refuses to start it (409)')
  const base = computeRecord()
  const held = (startedAt: number | null): ComputeRecord => ({
    ...base,
    place: { ...base.place, host: 'host-1' as never, at: NOW },
    seen: { ...base.seen, startedAt },
    journal: { ...base.journal, intent: intentOf({ ...deed, outcome: 'open' }) },
  })
  const asked = (of: ComputeRecord, after: readonly number[]): ComputeRecord => {
    let record = of
    for (const ms of after) record = { ...record, journal: postponed(record, deed, busy, NOW + ms) }
    return record
  }
  const early = asked(held(null), [0, 1000, 299_000])
  expect(early.journal).toMatchObject({ failures: 0, avoid: [], intent: { outcome: 'open' }, trouble: { at: NOW } })
  const late = [0, 300_000, 301_000, 303_000]
  expect(asked(held(null), late).journal.avoid).toMatchObject([{ host: 'host-1', because: busy.message }])
  expect(asked(held(1), late).journal).toMatchObject({ avoid: [], failures: 3, stuck: null, trouble: { at: NOW } })
})
