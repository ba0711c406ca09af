/** No capacity at EC2: another zone, another type, another provider, in this order, and the machine is made once. */
import { lifecycle } from '../../../../src/model/lifecycle'
import type { ComputeRecord } from '../../../../src/model/records'
import { type Ec2Site, type Ec2SiteOptions, NANO, openEc2Site } from '../../../support/ec2-site'
import { type Partner, startPartner } from '../../../support/partner'
import type { ProviderWire, WireFault, WireRequest } from '../../../support/provider-wire'
import { startRedis, type TestRedis } from '../../../support/redis'

const MICRO = { ...NANO, name: 't2.micro', memoryMiB: 1024, price: 11_600 }
const FULL: WireFault = {
  kind: 'answer',
  status: 500,
  body: '<Response><Errors><Error><Code>InsufficientInstanceCapacity</Code><Message>none</Message></Error></Errors><RequestID>r</RequestID></Response>',
}

const DOOMED = 'i-0d00d00d00d00d00d'
const instanceXml = (state: string, tags: Readonly<Record<string, string>>): string => {
  const told = Object.entries(tags).map(([key, value]) => `<item><key>${key}</key><value>${value}</value></item>`)
  const why = state === 'terminated' ? '<stateReason><code>Client.VolumeLimitExceeded</code></stateReason>' : ''
  return `<instancesSet><item><instanceId>${DOOMED}</instanceId><instanceState><name>${state}</name></instanceState>${why}<tagSet>${told.join('')}</tagSet></item></instancesSet>`
}

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

const runs = ({ body }: WireRequest): boolean => body.includes('Action=RunInstances')
const runsOf = (type: string) => (request: WireRequest) =>
  runs(request) && request.body.includes(`InstanceType=${type}`)
const typesAsked = (wire: ProviderWire | undefined): readonly string[] =>
  (wire?.requests ?? []).filter(runs).map(({ body }) => new URLSearchParams(body).get('InstanceType') ?? '')
const zonesAsked = ({ requests }: ProviderWire): readonly string[] =>
  requests.filter(runs).map(({ body }) => new URLSearchParams(body).get('Placement.AvailabilityZone') ?? '')

async function open(options: Ec2SiteOptions, broken: (of: Ec2Site) => void): Promise<ComputeRecord> {
  stage = await openEc2Site(redis, partner, options)
  broken(stage)
  const [id = ''] = await stage.site.order(1)
  await stage.until(async () => lifecycle(await stage.site.compute(id)) === 'running', 'it to run')
  return stage.site.compute(id)
}
const isThereOnce = async ({ wish }: ComputeRecord): Promise<void> => {
  expect(await stage.there(wish.name)).toHaveLength(1)
}

test('where a zone is full the next one that its operator names is asked', async () => {
  const settings = { zone: 'partner-1a,partner-1b' }
  const record = await open({ settings }, ({ wire }) =>
    wire.next(FULL, (request) => runs(request) && request.body.includes('partner-1a')),
  )
  expect(zonesAsked(stage.wire)).toEqual(['partner-1a', 'partner-1b'])
  expect((await stage.there(record.wish.name)).map(({ Placement }) => Placement?.AvailabilityZone)).toEqual([
    'partner-1b',
  ])
})

test('where a type is used up the next cheapest is taken there', async () => {
  const record = await open({ types: [MICRO, NANO] }, ({ wire }) => wire.next(FULL, runsOf(NANO.name)))
  expect(typesAsked(stage.wire)).toEqual([NANO.name, MICRO.name])
  expect(record.place.offer).toMatchObject({ type: MICRO.name, price: MICRO.price })
  expect(record.journal).toMatchObject({ failed: null, stuck: null })
  await isThereOnce(record)
})

test('where all types of a provider are used up the next provider has it', async () => {
  // Both cost the same: which one is tried first is placement's business.
  const record = await open({ accounts: 'two' }, ({ wire, other }) => {
    let first: ProviderWire | undefined
    for (const one of [wire, other])
      one?.next(
        FULL,
        (request) => {
          if (!runs(request)) return false
          first ??= one
          return first === one
        },
        10,
      )
  })
  expect([stage.wire, stage.other].map(typesAsked)).toEqual([[NANO.name], [NANO.name]])
  await isThereOnce(record)
})

test('where a provider ends it before it ran the next provider has it', async () => {
  let first: ProviderWire | undefined
  const isFirst = (one: ProviderWire): boolean => {
    first ??= one
    return first === one
  }
  const { id } = await open({ accounts: 'two' }, ({ wire, other }) => {
    for (const one of [wire, other]) if (one) dooming(one, () => isFirst(one))
  })
  const isElsewhere = async () =>
    [stage.wire, stage.other].every((wire) => typesAsked(wire).length > 0) &&
    lifecycle(await stage.site.compute(id)) === 'running'
  await stage.until(isElsewhere, 'it to run elsewhere')
  const record = await stage.site.compute(id)
  expect([stage.wire, stage.other].map(typesAsked)).toEqual([[NANO.name], [NANO.name]])
  expect(record.journal).toMatchObject({ failed: null, stuck: null })
  await isThereOnce(record)

  /** It takes the order, shows it on its way up, and then as ended. */
  function dooming(wire: ProviderWire, isMeant: () => boolean): void {
    let tags: Readonly<Record<string, string>> | undefined
    const answer = (of: string): WireFault => ({ kind: 'answer', status: 200, body: of })
    const reservation = (state: string): string =>
      `<DescribeInstancesResponse><reservationSet><item>${instanceXml(state, tags ?? {})}</item></reservationSet></DescribeInstancesResponse>`
    const isLook = ({ body }: WireRequest): boolean => body.includes('Action=DescribeInstances&') && tags !== undefined
    const orderAnswer = (request: WireRequest): boolean => {
      if (!runs(request) || !isMeant()) return false
      const form = new URLSearchParams(request.body)
      const tag = (at: number, part: string): string => form.get(`TagSpecification.1.Tag.${at}.${part}`) ?? ''
      tags = Object.fromEntries([1, 2, 3, 4, 5, 6].map((at) => [tag(at, 'Key'), tag(at, 'Value')]))
      wire.next(answer(reservation('pending')), isLook, 2)
      wire.next(answer(reservation('terminated')), isLook, 1000)
      return true
    }
    wire.next(answer(`<RunInstancesResponse>${instanceXml('pending', {})}</RunInstancesResponse>`), orderAnswer, 1)
  }
})
