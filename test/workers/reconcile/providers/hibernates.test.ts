/** Machines at EC2 that were launched to be hibernated: their owner sees what he would of one on a host here, and they are there once. */
import { StartInstancesCommand, StopInstancesCommand } from '@aws-sdk/client-ec2'
import { stateReason } from '../../../../src/ec2/show/state-reason'
import { occiState, stateMessage } from '../../../../src/model/lifecycle'
import { USUAL_OPTIONS } from '../../../../src/model/options'
import type { ComputeRecord } from '../../../../src/model/records'
import type { Point } from '../../../../workers/reconcile/work'
import { type Ec2Site, openEc2Site } from '../../../support/ec2-site'
import { type Partner, startPartner } from '../../../support/partner'
import type { WireRequest } from '../../../support/provider-wire'
import { Crash } from '../../../support/pump'
import { startRedis, type TestRedis } from '../../../support/redis'

const HIBERNATES = { ...USUAL_OPTIONS, hibernates: true }
const REFUSED =
  '<Response><Errors><Error><Code>UnsupportedHibernationConfiguration</Code><Message>no</Message></Error></Errors><RequestID>r</RequestID></Response>'

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
beforeEach(() => {
  crashAt = undefined
})
afterEach(() => stage.close())

async function open(accounts: 'one' | 'two' = 'one'): Promise<void> {
  const at = (point: Point, { kind }: { readonly kind: string }): void => {
    if (kind !== 'compute' || point !== crashAt) return
    crashAt = undefined
    throw new Crash()
  }
  stage = await openEc2Site(redis, partner, { at, accounts })
}

const asks = (action: string) => (request: WireRequest) => request.body.includes(`Action=${action}`)

async function objectOf({ wish }: ComputeRecord) {
  const [object, ...others] = await stage.there(wish.name)
  if (object === undefined || others.length > 0) throw new Error(`${wish.name} is there ${others.length + 1} times`)
  return object
}

async function running(options = HIBERNATES): Promise<ComputeRecord> {
  const [id = ''] = await stage.site.order(1, { options })
  await stage.until(stage.site.is(id, 'running'), 'it to run here')
  const record = await stage.site.compute(id)
  await stage.until(async () => (await objectOf(record)).State?.Name === 'running', 'it to run there')
  return record
}

const suspend = (id: string) => stage.site.wish(id, () => ({ power: 'suspended' }))
const start = (id: string) => stage.site.wish(id, ({ starts }) => ({ power: 'on', starts: starts + 1 }))

test('suspended by its owner it is hibernated there and shown suspended here; started, it is the same one', async () => {
  await open()
  const { id } = await running()
  const { InstanceId, HibernationOptions } = await objectOf(await stage.site.compute(id))
  expect(HibernationOptions).toEqual({ Configured: true })

  await suspend(id)
  await stage.until(stage.site.is(id, 'suspended'), 'it to be suspended')
  const asleep = await stage.site.compute(id)
  expect(await objectOf(asleep)).toMatchObject({
    InstanceId,
    State: { Name: 'stopped' },
    StateReason: { Code: 'Client.UserInitiatedHibernate' },
  })
  expect(occiState(asleep)).toBe('suspended')
  expect(stateReason(asleep)).toMatchObject({ Code: 'Client.UserInitiatedHibernate' })
  expect(asleep.journal).toMatchObject({ stuck: null, failed: null, trouble: null })
  expect(stage.wire.requests.filter(asks('StopInstances')).map(({ body }) => body)).toEqual([
    expect.stringContaining('Hibernate=true'),
  ])

  await start(id)
  await stage.until(stage.site.is(id, 'running'), 'it to go on')
  expect(await objectOf(asleep)).toMatchObject({ InstanceId })
})

test.each<Point>(['after:intent', 'before:result', 'after:result'])(
  'a worker that dies at %s leaves it to be hibernated once',
  async (point) => {
    await open()
    const record = await running()
    await suspend(record.id)
    crashAt = point
    await stage.until(stage.site.is(record.id, 'suspended'), 'it to be suspended')
    expect(crashAt).toBeUndefined()
    expect(await objectOf(record)).toMatchObject({ StateReason: { Code: 'Client.UserInitiatedHibernate' } })
  },
)

test('stopped by its owner it is off there, with nothing kept', async () => {
  await open()
  const record = await running()
  await stage.site.wish(record.id, () => ({ power: 'off' }))
  await stage.until(stage.site.is(record.id, 'poweroff'), 'it to be off')
  expect(await objectOf(record)).toMatchObject({ StateReason: { Code: 'Client.UserInitiatedShutdown' } })
})

test('hibernated and started there by somebody else it is shown so', async () => {
  await open()
  const record = await running()
  const InstanceIds = [(await objectOf(record)).InstanceId ?? '']
  await stage.stranger.send(new StopInstancesCommand({ InstanceIds, Hibernate: true }))
  await stage.until(stage.site.is(record.id, 'suspended'), 'it to be seen suspended')
  const seen = await stage.site.compute(record.id)
  expect(stateMessage(seen)).toBe('it was stopped at its provider, and nobody here ordered that')
  expect(stateReason(seen)).toMatchObject({ Code: 'Server.StoppedAtProvider' })
  await stage.stranger.send(new StartInstancesCommand({ InstanceIds }))
  await stage.until(stage.site.is(record.id, 'running'), 'it to be seen running')
})

test('one that was not launched so is made without it, and is not seen as one that can be hibernated', async () => {
  await open()
  const record = await running(USUAL_OPTIONS)
  expect((await objectOf(record)).HibernationOptions).toEqual({ Configured: false })
  expect(record.seen.machine?.given).toMatchObject({ object: expect.any(String) })
  expect(record.seen.machine?.given).not.toHaveProperty('hibernates')
})

test('a provider that cannot hibernate such a machine is avoided with that reason, and another one has it', async () => {
  await open('two')
  const wires = [stage.wire, stage.other].flatMap((wire) => wire ?? [])
  let first: (typeof wires)[number] | undefined
  for (const wire of wires)
    wire.next({ kind: 'answer', status: 400, body: REFUSED }, (request) => {
      if (!asks('RunInstances')(request)) return false
      first ??= wire
      return first === wire
    })
  const [id = ''] = await stage.site.order(1, { options: HIBERNATES })
  const avoided: string[] = []
  await stage.until(async () => {
    const { journal } = await stage.site.compute(id)
    avoided.push(...journal.avoid.map(({ because }) => because))
    return stage.site.is(id, 'running')()
  }, 'it to run')
  expect(avoided).toContain(
    'its provider cannot hibernate a machine of this type and image (UnsupportedHibernationConfiguration)',
  )
  expect(wires.map((wire) => wire.requests.filter(asks('RunInstances')).length)).toEqual([1, 1])
  expect(await objectOf(await stage.site.compute(id))).toMatchObject({ HibernationOptions: { Configured: true } })
})
