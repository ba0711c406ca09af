/** What others do to our machines at their provider: the owner sees it, what it costs follows it, and nothing is done against anybody's will. */
import {
  type Instance,
  StartInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2'
import { stateReason } from '../../../../src/ec2/show/state-reason'
import { stateMessage } from '../../../../src/model/lifecycle'
import { USUAL_OPTIONS } from '../../../../src/model/options'
import type { ComputeRecord, ComputeWish } from '../../../../src/model/records'
import type { Point } from '../../../../workers/reconcile/work'
import { type Ec2Site, openEc2Site } from '../../../support/ec2-site'
import { type Partner, startPartner } from '../../../support/partner'
import { Crash } from '../../../support/pump'
import { startRedis, type TestRedis } from '../../../support/redis'

let redis: TestRedis
let partner: Partner
let stage: Ec2Site
/** The worker dies the next time that a machine's job comes there. */
let crashAt: Point | undefined
beforeAll(async () => {
  ;[redis, partner] = await Promise.all([startRedis(), startPartner()])
})
afterAll(async () => {
  await partner.close()
  await redis.stop()
})
beforeEach(async () => {
  crashAt = undefined
  const at = (point: Point, { kind }: { readonly kind: string }): void => {
    if (kind !== 'compute' || point !== crashAt) return
    crashAt = undefined
    throw new Crash()
  }
  stage = await openEc2Site(redis, partner, { at })
})
afterEach(() => stage.close())

const isThere = (record: ComputeRecord, state: string) => async () =>
  (await stage.there(record.wish.name)).every(({ State }) => State?.Name === state)

async function running(wish: Partial<ComputeWish> = {}): Promise<ComputeRecord> {
  const [id = ''] = await stage.site.order(1, wish)
  await stage.until(stage.site.is(id, 'running'), 'it to run here')
  const record = await stage.site.compute(id)
  // What is on its way up there runs for us; its provider stops it only once it does.
  await stage.until(isThere(record, 'running'), 'it to run at its provider')
  return record
}
async function objectOf({ wish }: ComputeRecord): Promise<Instance> {
  const [object, ...others] = await stage.there(wish.name)
  if (object === undefined || others.length > 0) throw new Error(`${wish.name} is there ${others.length + 1} times`)
  return object
}
const idsOf = async (record: ComputeRecord) => ({ InstanceIds: [(await objectOf(record)).InstanceId ?? ''] })
const stop = async (record: ComputeRecord) => stage.stranger.send(new StopInstancesCommand(await idsOf(record)))
const start = async (record: ComputeRecord) => stage.stranger.send(new StartInstancesCommand(await idsOf(record)))
const terminate = async (record: ComputeRecord) =>
  stage.stranger.send(new TerminateInstancesCommand(await idsOf(record)))
const claimsThere = async () => {
  const [held] = await stage.site.store.hostClaims([(await stage.site.host('sim-2')).id])
  return Object.keys(held?.claims ?? {})
}
/** Several polls of the account go by. */
async function onward(): Promise<void> {
  for (let seconds = 0; seconds < 40; seconds += 1) {
    await stage.pump.turn()
    stage.pump.clock.advance(1000)
  }
}

test('stopped by somebody else it is shown stopped, with the reason, and stays so until its owner starts it', async () => {
  const record = await running()
  await stop(record)
  await stage.until(stage.site.is(record.id, 'poweroff'), 'it to be seen stopped')
  const seen = await stage.site.compute(record.id)
  expect(stateMessage(seen)).toBe('it was stopped at its provider, and nobody here ordered that')
  expect(stateReason(seen)).toMatchObject({ Code: 'Server.StoppedAtProvider' })
  await onward()
  expect(await isThere(record, 'stopped')()).toBe(true)
  expect(await claimsThere()).toContain(record.id)

  await stage.site.wish(record.id, ({ starts }) => ({ starts: starts + 1 }))
  await stage.until(stage.site.is(record.id, 'running'), 'it to run again')
  expect(stateReason(await stage.site.compute(record.id))).toBeUndefined()
  expect(await stage.there(record.wish.name)).toHaveLength(1)
})

test('stopped by somebody else it is not ended, though its owner wants it gone once its guest shuts down', async () => {
  const record = await running({ options: { ...USUAL_OPTIONS, onShutdown: 'terminate' } })
  await stop(record)
  await stage.until(stage.site.is(record.id, 'poweroff'), 'it to be seen stopped')
  await onward()
  expect((await stage.site.compute(record.id)).wish.exists).toBe(true)
  expect(await isThere(record, 'stopped')()).toBe(true)
})

test('started by somebody else after such a stop it is shown running', async () => {
  const record = await running()
  await stop(record)
  await stage.until(stage.site.is(record.id, 'poweroff'), 'it to be seen stopped')
  await start(record)
  await stage.until(stage.site.is(record.id, 'running'), 'it to be seen running')
})

test('started by somebody else although its owner stopped it, it is stopped again', async () => {
  const record = await running()
  await stage.site.wish(record.id, () => ({ power: 'off' }))
  await stage.until(stage.site.is(record.id, 'poweroff'), 'it to be off')
  await start(record)
  await stage.until(isThere(record, 'running'), 'it to be started there')
  await stage.until(isThere(record, 'stopped'), 'it to be stopped again')
  await stage.until(stage.site.is(record.id, 'poweroff'), 'it to be seen off')
})

test.each<[string, boolean]>([
  ['that runs', false],
  ['that its owner had stopped', true],
])(
  'a machine %s and is terminated by somebody else has failed, costs nothing more, and is not made anew',
  async (_what, isOff) => {
    const record = await running()
    if (isOff) {
      await stage.site.wish(record.id, () => ({ power: 'off' }))
      await stage.until(stage.site.is(record.id, 'poweroff'), 'it to be off')
    }
    await terminate(record)
    await stage.until(stage.site.is(record.id, 'failed'), 'it to have failed')
    const seen = await stage.site.compute(record.id)
    expect(stateMessage(seen)).toBe(
      'it was terminated at its provider, and nobody here ordered that; what was on it is lost',
    )
    expect(seen.place).toMatchObject({ host: null })
    expect(seen.seen.object).toBeUndefined()
    expect(await claimsThere()).not.toContain(record.id)
    await onward()
    const [object, ...others] = await stage.there(record.wish.name)
    expect([object?.State?.Name, others]).toEqual(['terminated', []])
    const { spending } = (await stage.site.host('sim-2')).seen
    await onward()
    expect((await stage.site.host('sim-2')).seen.spending?.total).toBe(spending?.total)

    await stage.site.wish(record.id, () => ({ exists: false }))
    await stage.until(stage.site.is(record.id, 'done'), 'it to be gone')
  },
)

test.each<Point>(['after:claim', 'after:look', 'before:result', 'after:result'])(
  'a worker that dies at %s leaves one that was lost as lost',
  async (point) => {
    const record = await running()
    await terminate(record)
    crashAt = point
    await stage.until(stage.site.is(record.id, 'failed'), 'it to have failed')
    await onward()
    expect(crashAt).toBeUndefined()
    expect((await stage.site.compute(record.id)).place.host).toBeNull()
    expect(await claimsThere()).not.toContain(record.id)
    expect(await stage.there(record.wish.name)).toHaveLength(1)
  },
)

test('one that was lost is made anew where an operator says so, and is not taken for the one that ended', async () => {
  const record = await running()
  await terminate(record)
  await stage.until(stage.site.is(record.id, 'failed'), 'it to have failed')
  await stage.site.wish(record.id, ({ retries }) => ({ retries: retries + 1, power: 'on' }))
  await stage.until(stage.site.is(record.id, 'running'), 'it to run again')
  await onward()
  expect(await stage.site.is(record.id, 'running')()).toBe(true)
  const states = (await stage.there(record.wish.name)).map(({ State }) => State?.Name)
  expect(states.toSorted()).toEqual(['running', 'terminated'])
})
