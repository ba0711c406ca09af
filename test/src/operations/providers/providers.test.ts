/** Accounts at providers as operators order them, over a real Redis. */

import { showProvider } from '../../../../src/admin/render-provider'
import { unseal } from '../../../../src/store/sealed'
import { refusalOf } from '../../../support/faults'
import { type Gateways, OPERATOR, startGateways } from '../../../support/gateways'
import { startRedis, type TestRedis } from '../../../support/redis'

let redis: TestRedis
let site: Gateways
beforeAll(async () => {
  redis = await startRedis()
  site = await startGateways(redis)
})
afterAll(async () => {
  await site.close()
  await redis.stop()
})

const SECRET = 'wJalrXUtnFEMI-secret'
const ORDER = {
  name: 'ec2-eu',
  kind: 'ec2',
  endpoint: 'https://ec2.example.org',
  region: 'eu-1',
  account: 'AKIAEXAMPLE',
  secret: SECRET,
}
const TYPE = { name: 't3.small', cores: 2, memoryMiB: 2048, diskGiB: null, price: 22_800, count: 20 }

const shown = async (name = 'ec2-eu') => {
  const found = await site.second.operations.listProviders(OPERATOR)
  const one = found.find(({ host }) => host.wish.name === name)
  if (!one) throw new Error(`no ${name}`)
  return showProvider(one)
}

test('one is added, seen at every gateway, and simulated hosts stay', async () => {
  await site.first.operations.addProvider(OPERATOR, ORDER)
  expect(await shown()).toMatchObject({ name: 'ec2-eu', zone: 'ec2-eu', currency: 'USD', types: [], budget: null })
  const hosts = await site.first.operations.listHosts(OPERATOR)
  expect(hosts.filter(({ wish }) => wish.simulated && !wish.removing)).toHaveLength(8)
})

test('its secret lies sealed under its record, and in nothing that is shown', async () => {
  const record = (await site.store.readAll('host')).find(({ wish }) => wish.name === 'ec2-eu')
  const sealed = record?.wish.provider?.secret
  if (!record || !sealed) throw new Error('no secret')
  expect(JSON.stringify(record)).not.toContain(SECRET)
  expect(unseal(site.ring, record.id, sealed)).toBe(SECRET)
  const told = JSON.stringify([
    await shown(),
    await site.first.operations.listProviders(OPERATOR).then(([one]) => one && showProvider(one)),
  ])
  expect(told).not.toContain(SECRET)
  expect(told).not.toContain(sealed)
})

test.each([
  [{ name: 'ec2-eu' }, 'exists', 'name'],
  [{ name: 'a b' }, 'invalid', 'name'],
  [{ name: 'x', kind: 'gce' }, 'invalid', 'kind'],
  [{ name: 'x', endpoint: 'ftp://x' }, 'invalid', 'endpoint'],
  [{ name: 'x', endpoint: 'https://me:secret@x' }, 'invalid', 'endpoint'],
  [{ name: 'x', endpoint: 'nowhere' }, 'invalid', 'endpoint'],
  [{ name: 'x', secret: '' }, 'invalid', 'secret'],
  [{ name: 'x', account: 'a\nb' }, 'invalid', 'account'],
  [{ name: 'x', currency: 'euro' }, 'invalid', 'currency'],
  [{ name: 'x', settings: { vpc: 'v' } }, 'invalid', 'settings.vpc'],
])('%j is refused as %s, naming %s', async (parts, kind, field) => {
  const { kind: told, detail } = await refusalOf(
    (async () => site.first.operations.addProvider(OPERATOR, { ...ORDER, ...parts }))(),
  )
  expect([told, detail.field]).toEqual([kind, field])
  expect(await site.first.operations.listProviders(OPERATOR)).toHaveLength(1)
})

test('types, images, limits and budget are changed one by one', async () => {
  const [image] = await site.first.operations.listImages(OPERATOR as never)
  const ami = image?.wish.ami ?? ''
  const change = (what: Parameters<typeof site.first.operations.setProvider>[2]) =>
    site.first.operations.setProvider(OPERATOR, 'ec2-eu', what)
  await change({ type: TYPE })
  await change({ type: { ...TYPE, name: 't3.large', price: 91_200 } })
  await change({ type: { ...TYPE, count: 5 } })
  await change({ withoutType: 't3.large', images: { [ami]: 'ami-theirs' }, limits: { cores: 40 } })
  await change({ budget: 200_000_000, latencyMs: 30, burstAfterMs: 60_000, settings: { subnet: 'subnet-1' } })
  expect(await shown()).toMatchObject({
    types: [{ ...TYPE, count: 5, taken: 0 }],
    images: { [ami]: 'ami-theirs' },
    limits: { cores: 40, memoryMiB: null },
    budget: 200_000_000,
    latencyMs: 30,
    burstAfterMs: 60_000,
    settings: { subnet: 'subnet-1' },
    spent: 0,
  })
  await change({ budget: null, latencyMs: null, images: { [ami]: null }, settings: { subnet: null } })
  expect(await shown()).toMatchObject({ budget: null, latencyMs: null, images: {}, settings: {} })
})

test.each([
  [{ type: { ...TYPE, cores: 0 } }, 'invalid', 'type.cores'],
  [{ type: { ...TYPE, price: -1 } }, 'invalid', 'type.price'],
  [{ type: { ...TYPE, memoryMiB: 0 } }, 'invalid', 'type.memoryMiB'],
  [{ withoutType: 'm9.none' }, 'not-found', 'withoutType'],
  [{ images: { 'ami-none': 'x' } }, 'not-found', 'images'],
  [{ burstAfterMs: -1 }, 'invalid', 'burstAfterMs'],
  [{ budget: 0.5 }, 'invalid', 'budget'],
  [{ settings: { vpc: 'v' } }, 'invalid', 'settings.vpc'],
])('the change %j is refused as %s, naming %s', async (change, kind, field) => {
  const before = await shown()
  const { kind: told, detail } = await refusalOf(
    (async () => site.first.operations.setProvider(OPERATOR, 'ec2-eu', change))(),
  )
  expect([told, detail.field]).toEqual([kind, field])
  expect(await shown()).toEqual(before)
})

test('a host is no provider, and a provider is not added as a host', async () => {
  expect((await refusalOf(site.first.operations.setProvider(OPERATOR, 'sim-1', { budget: 1 }))).kind).toBe('not-found')
  const host = { name: 'y', zone: 'z', driver: 'ec2', address: 'https://x' }
  expect((await refusalOf(site.first.operations.addHost(OPERATOR, host))).detail.field).toBe('driver')
})

test('a project may be kept off providers, and let go again', async () => {
  const { project } = await site.project('green')
  const bursts = async (to: 'allowed' | 'never') =>
    (await site.first.operations.setProject(OPERATOR, 'green', { bursts: to })).wish.bursts
  expect([await bursts('never'), await bursts('never'), await bursts('allowed')]).toEqual(['never', 'never', undefined])
  expect(project.wish.bursts).toBeUndefined()
})

test('regions of a project, of a provider, and how machines come home, are kept and taken away', async () => {
  const { operations } = site.first
  const project = async (regions?: readonly string[] | null) => {
    const order = { bursts: 'allowed', ...(regions === undefined ? {} : { regions }) } as const
    return (await operations.setProject(OPERATOR, 'green', order)).wish.regions
  }
  expect(await project(['eu-west-1'])).toEqual(['eu-west-1'])
  expect(await project()).toEqual(['eu-west-1'])
  expect(await project(null)).toBeUndefined()
  expect((await refusalOf(project(['a b']))).detail.field).toBe('regions')

  const set = async (change: Parameters<typeof operations.setProvider>[2]) =>
    (await operations.setProvider(OPERATOR, 'ec2-eu', change)).wish.provider
  expect(await set({ dataRegions: ['eu-west-1', 'eu-west-3'], home: { perHour: 3 } })).toMatchObject({
    dataRegions: ['eu-west-1', 'eu-west-3'],
    home: { afterMs: 600_000, perHour: 3 },
  })
  expect(await set({ dataRegions: null, home: { afterMs: 0 } })).toMatchObject({ home: { afterMs: 0, perHour: 3 } })
  expect((await set({}))?.dataRegions).toBeUndefined()
  expect((await refusalOf(set({ home: { perHour: -1 } }))).detail.field).toBe('home.perHour')
})

test('what orders may name of a provider is allowed by key, and taken away', async () => {
  const { operations } = site.first
  const set = async (allowed: Record<string, string[] | null>) =>
    (await operations.setProvider(OPERATOR, 'ec2-eu', { allowed })).wish.provider?.allowed
  expect(await set({ subnet: ['subnet-a', 'subnet-b'] })).toEqual({ subnet: ['subnet-a', 'subnet-b'] })
  expect(await set({ zone: ['*'] })).toEqual({ subnet: ['subnet-a', 'subnet-b'], zone: ['*'] })
  expect(await set({ zone: null, subnet: null })).toEqual({})
  const refused = await refusalOf(set({ tags: ['x'] }))
  expect(refused.detail).toMatchObject({
    field: 'allowed.tags',
    allowed: ['zone', 'subnet', 'securityGroup', 'key'],
  })
})

// The last: the others stay.
test('of two that are added at once with one account one is refused, and it is free again once the other has another', async () => {
  const { first, second } = site
  const order = { ...ORDER, account: 'AKIATWICE' }
  const came = await Promise.allSettled([
    first.operations.addProvider(OPERATOR, { ...order, name: 'twice-a' }),
    second.operations.addProvider(OPERATOR, { ...order, name: 'twice-b', endpoint: `${ORDER.endpoint}:443/` }),
  ])
  const refusals = came.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []))
  expect(refusals).toMatchObject([{ kind: 'exists', detail: { field: 'account' } }])
  const added = came.flatMap((one) => (one.status === 'fulfilled' ? [one.value.wish.name] : []))
  await first.operations.setProvider(OPERATOR, added[0] ?? '', { account: 'AKIAONCE', secret: SECRET })
  await second.operations.addProvider(OPERATOR, { ...order, name: 'twice-c' })
})

test('one account is one provider, however its endpoint is spelled', async () => {
  for (const endpoint of ['https://ec2.example.org', 'https://EC2.example.org:443/', 'http://ec2.example.org'])
    expect(
      await refusalOf(site.first.operations.addProvider(OPERATOR, { ...ORDER, name: 'again', endpoint })),
    ).toMatchObject({ kind: 'exists', detail: { field: 'account' } })
  const other = { ...ORDER, name: 'ec2-too', account: 'AKIAOTHER' }
  await site.first.operations.addProvider(OPERATOR, other)
  expect(
    await refusalOf(site.first.operations.setProvider(OPERATOR, 'ec2-too', { account: ORDER.account, secret: SECRET })),
  ).toMatchObject({ kind: 'exists' })
  // Its own secret alone, and a region or kind that is another place.
  await site.first.operations.setProvider(OPERATOR, 'ec2-too', { account: 'AKIAOTHER', secret: 'newer' })
  const elsewhere = { ...other, name: 'ec2-us', endpoint: 'https://ec2.us.example.org' }
  await site.first.operations.addProvider(OPERATOR, elsewhere)
})
