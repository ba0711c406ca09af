/** What a list shows of a machine that has its place elsewhere, or none, is ended only where it cannot be the machine itself. */
import { lifecycle } from '../../../../src/model/lifecycle'
import type { ComputeRecord } from '../../../../src/model/records'
import { type Ec2Site, openEc2Site } from '../../../support/ec2-site'
import { type Partner, startPartner } from '../../../support/partner'
import type { ProviderWire, WireFault, WireRequest } from '../../../support/provider-wire'
import { startRedis, type TestRedis } from '../../../support/redis'

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
afterEach(() => stage.close())

const is = (id: string, name: string) => async () => lifecycle(await stage.site.compute(id)) === name
const statesThere = async ({ wish }: ComputeRecord) =>
  (await stage.there(wish.name)).map(({ State }) => State?.Name).toSorted()

async function running(): Promise<ComputeRecord> {
  const [id = ''] = await stage.site.order(1)
  await stage.until(is(id, 'running'), 'it to run')
  const record = await stage.site.compute(id)
  const atOnce = async () => (await statesThere(record)).every((state) => state === 'running')
  await stage.until(atOnce, 'it to run at its provider')
  return stage.site.compute(id)
}
/** Several polls go by. */
async function onward(turns: number, ms: number): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) {
    await stage.pump.turn()
    stage.pump.clock.advance(ms)
  }
}

const instancesXml = (items: string): WireFault => ({
  kind: 'answer',
  status: 200,
  body: `<DescribeInstancesResponse><reservationSet>${items}</reservationSet></DescribeInstancesResponse>`,
})
const isLook = ({ body }: WireRequest): boolean => body.includes('Action=DescribeInstances&')
const isList = (request: WireRequest): boolean => isLook(request) && !request.body.includes('occi-gateway.machine')

describe('of two providers that are one account', () => {
  const elsewhere = ({ place }: ComputeRecord): ProviderWire => {
    const wire = place.hostName === 'sim-1' ? stage.wire : stage.other
    if (wire === undefined) throw new Error('there is one account')
    return wire
  }

  test('neither ends what the other runs', async () => {
    stage = await openEc2Site(redis, partner, { accounts: 'two' })
    const record = await running()
    await onward(5, 10_000)
    expect(await statesThere(record)).toEqual(['running'])
    expect(await is(record.id, 'running')()).toBe(true)
  })

  test('neither does so by a list that is behind: the look at it shows what is at its place', async () => {
    stage = await openEc2Site(redis, partner, { accounts: 'two' })
    const record = await running()
    const tags = Object.entries({ site: stage.site.name, machine: record.wish.name, record: record.id })
      .map(([key, value]) => `<item><key>occi-gateway.${key}</key><value>${value}</value></item>`)
      .join('')
    const former = `<item><instancesSet><item><instanceId>i-0f00f00f00f00f00f</instanceId><instanceState><name>running</name></instanceState><tagSet>${tags}</tagSet></item></instancesSet></item>`
    const other = elsewhere(record)
    const before = other.requests.length
    other.next(instancesXml(former), isList, 1000)
    await onward(5, 10_000)
    // It was looked at there, so that there was something to decide.
    expect(other.requests.slice(before).some((request) => isLook(request) && !isList(request))).toBe(true)
    expect(await statesThere(record)).toEqual(['running'])
  })
})

describe('what was lost because its provider did not show it for an hour', () => {
  const kept = async (record: ComputeRecord): Promise<void> => {
    stage.wire.next(instancesXml(''), isLook, 100_000)
    stage.pump.clock.advance(60_000)
    await stage.until(is(record.id, 'failed'), 'it to have failed')
    stage.pump.clock.advance(3_600_000)
    await stage.until(async () => (await stage.site.compute(record.id)).place.host === null, 'it to be lost')
    stage.wire.calm()
    await onward(5, 10_000)
    expect(await statesThere(record)).toEqual(['running'])
  }

  test('is kept when it is shown again, told, and is what it was where an operator says so', async () => {
    stage = await openEc2Site(redis, partner)
    const record = await running()
    await kept(record)
    const { seen } = await stage.site.host('sim-2')
    expect(seen.orphans).toEqual([record.wish.name])
    expect(seen.strays?.[record.wish.name]).toMatchObject({ object: record.seen.object })
    expect((await stage.site.compute(record.id)).seen.lost).toMatchObject({ object: record.seen.object })

    await stage.site.wish(record.id, ({ retries }) => ({ retries: retries + 1 }))
    await stage.until(is(record.id, 'running'), 'it to be what it was')
    await onward(5, 10_000)
    const again = await stage.site.compute(record.id)
    expect(again.seen.object).toBe(record.seen.object)
    expect(again.seen.lost).toBeUndefined()
    expect(await statesThere(record)).toEqual(['running'])
    expect((await stage.site.host('sim-2')).seen.orphans).toEqual([])
  })

  test('is kept also where it was made anew elsewhere meanwhile', async () => {
    stage = await openEc2Site(redis, partner)
    const record = await running()
    await kept(record)
    await stage.site.setHost('sim-2', { enabled: false })
    await stage.site.setHost('sim-1', { enabled: true })
    await stage.site.wish(record.id, ({ retries, starts }) => ({ retries: retries + 1, starts: starts + 1 }))
    await stage.until(is(record.id, 'running'), 'it to run here')
    await onward(5, 10_000)
    expect((await stage.site.compute(record.id)).place.hostName).toBe('sim-1')
    expect(await statesThere(record)).toEqual(['running'])
  })

  test('is ended where its owner wants it gone', async () => {
    stage = await openEc2Site(redis, partner)
    const record = await running()
    await kept(record)
    await stage.site.wish(record.id, () => ({ exists: false }))
    await stage.until(
      async () => (await statesThere(record)).every((state) => state === 'terminated'),
      'it to be ended',
    )
  })
})
