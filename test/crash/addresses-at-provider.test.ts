/**
 * Public addresses of an account at EC2, through everything that becomes of them, while a worker dies the first time that it comes to each
 * point of each part: the account has one address or none, it leads where it should, and what others do to it there is told.
 */
import {
  type Address,
  AllocateAddressCommand,
  DescribeAddressesCommand,
  DisassociateAddressCommand,
  ReleaseAddressCommand,
} from '@aws-sdk/client-ec2'
import type { ComputeId } from '../../src/model/ids'
import { lifecycle } from '../../src/model/lifecycle'
import { ipOf } from '../../src/model/provider-addresses'
import { isPublished } from '../../src/model/public-addresses'
import { openAddresses } from '../../src/operations/addresses'
import { allocateAddress } from '../../src/operations/addresses/allocate-address'
import type { AddressOperations, AddressView } from '../../src/operations/addresses/operations'
import type { Context } from '../../src/operations/context'
import { openSiteAddresses } from '../support/addresses'
import { dyingOnce } from '../support/arrows'
import { type Ec2Site, openEc2Site } from '../support/ec2-site'
import { asks } from '../support/ec2-stage'
import { OPERATOR } from '../support/gateways'
import { type Partner, startPartner } from '../support/partner'
import type { PumpOptions } from '../support/pump'
import { startRedis, type TestRedis } from '../support/redis'
import { caller, openVolumes, type Volumes } from '../support/volumes'

// Each waits out some minutes of the workers' clock, job by job, on machines that are shared.
jest.setTimeout(180_000)

const HOUR = 5_000
/** For the provider's word, of real time, while the workers' goes on by itself: how fast this machine is is not what is tested. */
const PATIENCE_MS = 120_000

let redis: TestRedis
let partner: Partner
let stage: Ec2Site
let volumes: Volumes
let context: Context
let operations: AddressOperations
let at: NonNullable<PumpOptions['at']> = () => undefined
beforeAll(async () => {
  ;[redis, partner] = await Promise.all([startRedis(), startPartner()])
})
afterAll(async () => {
  await partner.close()
  await redis.stop()
})
beforeEach(async () => {
  at = () => undefined
  stage = await openEc2Site(redis, partner, {
    at: (...point) => at(...point),
    patienceMs: 90_000,
    settings: { addresses: '2' },
  })
  volumes = await openVolumes(stage.site)
  context = { ...volumes.context, clock: stage.pump.clock }
  operations = openAddresses(context, context)
  await priced({ prices: { address: HOUR } })
})
afterEach(async () => {
  for (const { AllocationId, AssociationId } of await there()) {
    if (AssociationId) await stage.stranger.send(new DisassociateAddressCommand({ AssociationId }))
    await stage.stranger.send(new ReleaseAddressCommand({ AllocationId }))
  }
  await volumes.close()
  await stage.close()
})

const host = () => stage.site.host('sim-2')
async function priced(change: object): Promise<void> {
  const { provider } = (await host()).wish
  await stage.site.setHost('sim-2', { ...(provider ? { provider: { ...provider, ...change } } : {}) })
}
async function machine(): Promise<ComputeId> {
  const [id = '' as ComputeId] = await stage.site.order(1)
  await stage.until(async () => lifecycle(await stage.site.compute(id)) === 'running', 'a machine there')
  return id
}
/** As a caller waits for it, while the workers work. */
async function allocate(): Promise<AddressView> {
  let came: AddressView | undefined
  let failed: unknown
  const asked = async () =>
    allocateAddress(context, caller, { pool: (await host()).id }, PATIENCE_MS).then(
      (view) => {
        came = view
      },
      (thrown: unknown) => {
        failed = thrown
      },
    )
  void asked()
  await stage.until(async () => came !== undefined || failed !== undefined, 'an answer')
  if (came === undefined) throw failed
  return came
}
const associate = ({ record }: AddressView, compute: ComputeId) =>
  operations.associateAddress(caller, { address: record.id, compute, former: 'ends' })
const leads = (view: AddressView, compute: ComputeId) => async () =>
  isPublished(await stage.site.compute(compute), ipOf(view.record))
const recordOf = ({ record }: AddressView) => stage.site.store.read('address', record.id)
const isGone = (view: AddressView) => async () => (await recordOf(view)) === undefined
const counted = async () => (await stage.site.store.counters(caller.project)).addresses ?? 0

/** What the account has of ours. */
async function there(): Promise<readonly Address[]> {
  const Filters = [{ Name: 'tag:occi-gateway.site', Values: [stage.site.name] }]
  const { Addresses = [] } = await stage.stranger.send(new DescribeAddressesCommand({ Filters }))
  return Addresses
}
const objectOf = async (compute: ComputeId): Promise<string> =>
  (await stage.site.compute(compute)).seen.machine?.given?.object ?? ''

/** From now on a worker dies the first time that it comes to each point at which something is written or done. */
function dieEverywhere(): ReadonlySet<string> {
  const dying = dyingOnce(['address', 'compute'])
  at = dying.at
  return dying.died
}

test('had, led to a machine, kept while that is stopped, taken away and given back, whatever dies on the way', async () => {
  const compute = await machine()
  const died = dieEverywhere()
  const address = await allocate()
  await stage.until(async () => (await recordOf(address))?.journal?.intent?.outcome === 'done', 'it to be settled')
  expect([...died]).toEqual(
    expect.arrayContaining(['before:place address', 'before:act address', 'after:act address', 'after:result address']),
  )
  const { ip, object } = (await recordOf(address))?.seen ?? {}
  expect(await there()).toMatchObject([{ PublicIp: ip, AllocationId: object }])
  expect((await there())[0]?.Tags).toContainEqual({ Key: 'occi-gateway.address', Value: address.record.wish.name })
  expect(address).toMatchObject({ state: 'free', message: null, provider: { wish: { name: 'sim-2' } } })

  dieEverywhere()
  const { record } = await associate(address, compute)
  expect(record.wish.holder).toMatchObject({ compute })
  await stage.until(leads(address, compute), 'it to lead there')
  expect(await there()).toMatchObject([{ PublicIp: ip, InstanceId: await objectOf(compute) }])

  dieEverywhere()
  for (const power of ['off', 'on'] as const) {
    await stage.site.wish(compute, (wish) => ({
      power,
      ...(power === 'on' ? { starts: wish.starts + 1 } : {}),
    }))
    const state = power === 'on' ? 'running' : 'poweroff'
    await stage.until(async () => lifecycle(await stage.site.compute(compute)) === state, state)
    expect(await there()).toMatchObject([{ PublicIp: ip, InstanceId: await objectOf(compute) }])
    expect((await stage.site.compute(compute)).seen.machine?.given?.addresses).toContainEqual({ ip, scope: 'public' })
  }

  dieEverywhere()
  await operations.disassociateAddress(caller, { address: address.record.id })
  await stage.until(async () => !(await leads(address, compute)()), 'it to lead nowhere')
  expect(await there()).toMatchObject([{ PublicIp: ip, InstanceId: '' }])

  dieEverywhere()
  expect(await counted()).toBe(1)
  await operations.releaseAddress(caller, { address: address.record.id })
  await stage.until(isGone(address), 'it to be gone')
  expect(await there()).toEqual([])
  expect(await counted()).toBe(0)
  expect(lifecycle(await stage.site.compute(compute))).toBe('running')
})

test('a machine that ends leaves its address, which leads to the next one', async () => {
  const [first, address] = [await machine(), await allocate()]
  await associate(address, first)
  await stage.until(leads(address, first), 'it to lead there')
  dieEverywhere()
  await volumes.terminate(first)
  const next = await machine()
  await associate(address, next)
  await stage.until(leads(address, next), 'it to lead to the next machine')
  expect(await there()).toMatchObject([{ InstanceId: await objectOf(next) }])
})

describe('answers that are lost', () => {
  test('a second address that came of one is given back within one poll', async () => {
    // Looks show nothing for a while, as at a service that is eventually consistent; then a list shows both.
    stage.wire.next({ kind: 'cut-after' }, asks('AllocateAddress'))
    const nothing = { kind: 'answer', status: 200, body: '<DescribeAddressesResponse/>' } as const
    const isNamed = (request: { readonly body: string }) =>
      asks('DescribeAddresses')(request) && request.body.includes('occi-gateway.address')
    stage.wire.next(nothing, isNamed, 5)
    const address = await allocate()
    // Both were had there; a poll that came at once may have given one of them back already.
    expect(stage.wire.requests.filter(asks('AllocateAddress'))).toHaveLength(2)
    stage.wire.calm()
    const lists = () => stage.pump.passed.filter((point) => point === 'after:list host').length
    const before = lists()
    await stage.until(async () => (await there()).length === 1, 'the other one to be given back')
    // Both accounts are listed in turn; the one that was under way may not have shown it.
    expect(lists() - before).toBeLessThanOrEqual(4)
    expect(await there()).toMatchObject([{ AllocationId: (await recordOf(address))?.seen?.object }])
  })

  test('what is given back while it is asked for leaves nothing behind', async () => {
    let id: AddressView | undefined
    at = async (point, { kind }) => {
      if (point !== 'after:intent' || kind !== 'address' || id !== undefined) return
      const [record] = await stage.site.store.readAll('address')
      if (!record) return
      id = { record } as AddressView
      await volumes.mirror.fresh(caller.project)
      await operations.releaseAddress(caller, { address: record.id })
    }
    await expect(allocate()).rejects.toMatchObject({ kind: 'unavailable' })
    await stage.until(async () => (await stage.site.store.readAll('address')).length === 0, 'it to be forgotten')
    expect(await there()).toEqual([])
    expect(await counted()).toBe(0)
  })
})

test('one that nobody takes back there is forgotten once an operator says so, and told should it be shown again', async () => {
  const address = await allocate()
  const { name } = address.record.wish
  stage.wire.next({ kind: 'cut-before' }, asks('ReleaseAddress'), 99)
  await expect(operations.giveUpAddress(OPERATOR, name)).rejects.toMatchObject({ kind: 'state' })
  await operations.releaseAddress(caller, { address: address.record.id })
  await stage.until(async () => (await recordOf(address))?.journal?.trouble != null, 'it to be refused')
  expect(await operations.giveUpAddress(OPERATOR, name)).toMatchObject({ state: 'releasing' })
  await stage.until(isGone(address), 'it to be forgotten')
  expect(await counted()).toBe(0)
  const [claims] = await stage.site.store.hostClaims([(await host()).id])
  expect(Object.keys(claims?.claims ?? {})).not.toContain(address.record.id)
  await expect(operations.giveUpAddress(OPERATOR, name)).rejects.toMatchObject({ kind: 'not-found' })
  await stage.until(async () => (await host()).seen.orphans.includes(name), 'it to be told')
  stage.wire.calm()
})

describe('what cannot be had', () => {
  test('is said with the provider’s reason, and nothing stays', async () => {
    const body =
      '<Response><Errors><Error><Code>AddressLimitExceeded</Code><Message>x</Message></Error></Errors><RequestID>r</RequestID></Response>'
    stage.wire.next({ kind: 'answer', status: 400, body }, asks('AllocateAddress'), 99)
    await expect(allocate()).rejects.toMatchObject({
      kind: 'no-capacity',
      message: expect.stringContaining('AddressLimitExceeded'),
    })
    await stage.until(async () => (await stage.site.store.readAll('address')).length === 0, 'it to be forgotten')
    expect(await counted()).toBe(0)
  })

  test('as many as the operator lets be leased', async () => {
    await allocate()
    await allocate()
    await expect(allocate()).rejects.toMatchObject({ kind: 'no-capacity', message: expect.stringMatching(/all 2 /) })
    expect(await there()).toHaveLength(2)
  })

  test('what the operator does not offer any more by the time that it is asked for', async () => {
    let isOffered = true
    at = async (point, { kind }) => {
      if (point !== 'before:place' || kind !== 'address' || !isOffered) return
      isOffered = false
      await priced({ settings: {} })
    }
    await expect(allocate()).rejects.toMatchObject({
      kind: 'no-capacity',
      message: expect.stringContaining('offers none'),
    })
    expect(stage.wire.requests.filter(asks('AllocateAddress'))).toEqual([])
  })

  test('what would not stay inside the budget to the month’s end', async () => {
    await priced({ budget: 1 })
    await expect(allocate()).rejects.toMatchObject({ kind: 'no-capacity', message: expect.stringContaining('budget') })
    expect(stage.wire.requests.filter(asks('AllocateAddress'))).toEqual([])
  })
})

describe('where it leads', () => {
  test('not to a machine on a host of the site, and the site’s own not to one there, by name', async () => {
    const [compute, address] = [await machine(), await allocate()]
    await stage.site.setHost('sim-2', { enabled: false })
    await stage.site.setHost('sim-1', { enabled: true })
    const home = await machine()
    await expect(associate(address, home)).rejects.toMatchObject({
      kind: 'unsupported',
      message: expect.stringContaining('leads to machines there alone'),
    })
    const own = await (await openSiteAddresses(stage.site, volumes)).allocate()
    await expect(associate(own, compute)).rejects.toMatchObject({
      kind: 'unsupported',
      message: expect.stringContaining('NetworkBorderGroup=local-1b'),
    })
    await associate(address, compute)
    await stage.until(leads(address, compute), 'it to lead there')
  })
})

describe('what others do there', () => {
  test('an address that is taken from its machine is led there again', async () => {
    const [compute, address] = [await machine(), await allocate()]
    await associate(address, compute)
    await stage.until(leads(address, compute), 'it to lead there')
    const [object] = await there()
    await stage.stranger.send(new DisassociateAddressCommand({ AssociationId: object?.AssociationId }))
    await stage.until(async () => !(await leads(address, compute)()), 'it to be seen without')
    await stage.until(leads(address, compute), 'it to lead there again')
  })

  test('an address that is given back there is told, none is had in its stead, and its owner gives it back', async () => {
    const address = await allocate()
    const [object] = await there()
    await stage.stranger.send(new ReleaseAddressCommand({ AllocationId: object?.AllocationId }))
    await stage.until(async () => Boolean((await recordOf(address))?.journal?.stuck), 'it to be told')
    await volumes.mirror.fresh(caller.project)
    expect(await operations.getAddress(caller, address.record.id)).toMatchObject({
      message: expect.stringContaining('has it no more'),
    })
    expect(await there()).toEqual([])
    await operations.releaseAddress(caller, { address: address.record.id })
    await stage.until(isGone(address), 'it to be gone')
  })

  test('one of ours without a record is told to the operator with its cost, and not touched', async () => {
    const lost = 'eipalloc-00000000000000abc'
    const Tags = [
      { Key: 'occi-gateway.site', Value: stage.site.name },
      { Key: 'occi-gateway.address', Value: lost },
    ]
    const TagSpecifications = [{ ResourceType: 'elastic-ip' as const, Tags }]
    const { AllocationId, PublicIp } = await stage.stranger.send(new AllocateAddressCommand({ TagSpecifications }))
    await stage.until(async () => (await host()).seen.orphans.includes(lost), 'it to be told')
    expect((await host()).seen.strays?.[lost]).toEqual({
      ...{ object: AllocationId, type: `address ${PublicIp}`, since: null, price: HOUR },
    })
    expect(await there()).toMatchObject([{ AllocationId }])
  })
})

test('its hours are spent of the provider’s budget while it is leased, and after it was given back', async () => {
  await priced({ budget: 1_000_000_000 })
  const address = await allocate()
  stage.pump.clock.advance(3_600_000)
  const spent = async () => (await host()).seen.spending?.total ?? 0
  await stage.until(async () => (await spent()) >= HOUR, 'an hour to be spent')
  await operations.releaseAddress(caller, { address: address.record.id })
  await stage.until(isGone(address), 'it to be gone')
  const before = await spent()
  stage.pump.clock.advance(3_600_000)
  await stage.until(async () => (await host()).seen.at > stage.pump.clock.now() - 60_000, 'another look')
  expect(before).toBeGreaterThanOrEqual(HOUR)
  expect(await spent()).toBeGreaterThanOrEqual(HOUR)
  expect(await spent()).toBeLessThan(2 * HOUR)
})
