/** Gateways that may order machines here, over a real Redis. */
import { createHmac } from 'node:crypto'
import { KEY_LABEL, type Origin, originText, type SignedOrigin } from '../../../../src/model/federation'
import type { ComputeRecord } from '../../../../src/model/records'
import type { Caller } from '../../../../src/operations'
import type { ReserveOrder } from '../../../../src/operations/reservations/operations'
import { refusalOf } from '../../../support/faults'
import { type Gateways, OPERATOR, startGateways } from '../../../support/gateways'
import { startRedis, type TestRedis } from '../../../support/redis'
import { runEach } from '../../../support/run-each'

let redis: TestRedis
let site: Gateways
beforeAll(async () => {
  redis = await startRedis()
  site = await startGateways(redis)
  await site.probeHosts({ cpuHundredths: 1_600, memoryMiB: 65_536, diskGiB: 1_000 })
})
afterAll(async () => {
  await site.close()
  await redis.stop()
})

const QUOTA = { instances: 3, cores: 4, memoryMiB: 8192 }

interface Guest {
  readonly name: string
  readonly caller: Caller
  readonly password: string
}
let drawn = 0
async function partner(
  some: Partial<Parameters<Gateways['first']['operations']['addPartner']>[1]> = {},
): Promise<Guest> {
  const name = `guest${++drawn}`
  const { operations } = site.first
  const { password, user } = await operations.addPartner(OPERATOR, { name, quota: QUOTA, ...some })
  const from = { source: '127.0.0.1', requestId: 'r' }
  const caller = await operations.identifyByPassword(user.wish.name, password, from)
  if (!caller) throw new Error('its password is not accepted')
  return { name, caller, password }
}
const signed = (password: string, origin: Origin): SignedOrigin => {
  const key = createHmac('sha256', password).update(KEY_LABEL).digest('hex')
  return { ...origin, signature: createHmac('sha256', key).update(originText(origin)).digest('hex') }
}
const order = (caller: Caller, more: object = {}) =>
  site.second.operations.runComputes(caller, { minCount: 1, maxCount: 1, type: 't2.nano', ...more })
const ORDER = '2b1d3a52-1f0e-4b0a-9f7e-0c5d6a3e7f0c'
const OTHER = '2b1d3a52-1f0e-4b0a-9f7e-0c5d6a3e7f0d'
const origin = (some: Partial<Origin> = {}): Origin => ({ order: ORDER, path: ['north'], project: 'tag-1', ...some })
const only = ({ computes }: { readonly computes: readonly ComputeRecord[] }): ComputeRecord => {
  const [one] = computes
  if (!one) throw new Error('nothing was made')
  return one
}

test('one is added with its limits, is listed, and its key is in nothing that is told', async () => {
  const { name } = await partner({ expiresInSeconds: 3600, regions: [site.site], currency: 'EUR' })
  const found = (await site.second.operations.listPartners(OPERATOR)).find(({ project }) => project.wish.name === name)
  expect(found).toMatchObject({
    partner: { revokedAt: null, regions: [site.site], offers: [], currency: 'EUR' },
    project: { wish: { quota: { ...QUOTA, volumes: 0, networks: 0 }, bursts: 'never' } },
  })
  expect(found?.partner.key).toMatch(/^v1\./)
})

test('what is wrong is refused by name, and nothing is made', async () => {
  const wrong = [
    [{ offers: [{ type: 'none.such', price: 1 }] }, 'not-found'],
    [{ currency: 'euro' }, 'invalid'],
    [{ expiresInSeconds: 1 }, 'invalid'],
    [{ regions: ['No Region'] }, 'invalid'],
    [{ quota: { ...QUOTA, cores: -1 } }, 'invalid'],
  ] as const
  const before = (await site.first.operations.listPartners(OPERATOR)).length
  for (const [some, kind] of wrong)
    expect(
      await refusalOf(site.first.operations.addPartner(OPERATOR, { name: 'wrong', quota: QUOTA, ...some })),
    ).toMatchObject({ kind })
  expect(await site.first.operations.listPartners(OPERATOR)).toHaveLength(before)
})

test('its limits hold; a type that it is not offered is refused; what is offered is told with what is free', async () => {
  const { caller } = await partner({ offers: [{ type: 't2.nano', price: 5_800 }], currency: 'EUR' })
  expect(await refusalOf(order(caller, { type: 't2.small' }))).toMatchObject({ kind: 'forbidden' })
  for (const free of [3, 2, 1]) {
    expect(await site.first.operations.listPartnerOffers(caller)).toMatchObject([
      { type: 't2.nano', price: 5_800, currency: 'EUR', cores: 1, free, validUntil: expect.any(Number) },
    ])
    await order(caller)
  }
  expect(await refusalOf(order(caller))).toMatchObject({ kind: 'quota' })
})

test('its root disk is what type and image make it, when it is ordered and after', async () => {
  const { caller } = await partner()
  const { operations } = site.second
  for (const rootGiB of [9, 900])
    expect(await refusalOf(order(caller, { rootGiB, dryRun: true }))).toMatchObject({
      kind: 'forbidden',
      message: expect.stringContaining('8 GiB'),
    })
  expect(await refusalOf(runEach(operations, caller, [{ type: 't2.nano', rootGiB: 9 }]))).toMatchObject({
    kind: 'forbidden',
  })
  const { id, wish } = only(await order(caller, { rootGiB: 8 }))
  expect([wish.size.diskGiB, (await site.store.counters(caller.project)).volumeGiB]).toEqual([8, undefined])
  expect(await refusalOf(operations.changeDisk(caller, { id, disk: 'root', sizeGiB: 9 }))).toMatchObject({
    kind: 'forbidden',
  })
})

test('no host is kept for its machines alone', async () => {
  const { caller } = await partner()
  const alone = { hosting: { alone: true } } as const
  expect(await refusalOf(order(caller, alone))).toMatchObject({ kind: 'forbidden', detail: { reason: 'partner' } })
  expect(await refusalOf(runEach(site.second.operations, caller, [{ type: 't2.nano', ...alone }]))).toMatchObject({
    kind: 'forbidden',
  })
  expect(only(await order(caller)).wish.hosting).toBeUndefined()
})

test('what it has becomes no type that it is not offered, nor amounts of its own', async () => {
  const { caller } = await partner({ offers: [{ type: 't2.nano', price: 1 }] })
  const { id } = only(await order(caller))
  const { operations } = site.second
  for (const size of [{ type: 't2.small' }, { cores: 2 }])
    expect(await refusalOf(operations.resizeCompute(caller, { id, ...size, dryRun: true }))).toMatchObject({
      kind: 'forbidden',
    })
})

test('nothing is reserved for it, of whatever type, nor is a reservation changed: it orders machines', async () => {
  const { operations, context } = site.second
  const zone = context.mirror.all('host')[0]?.wish.zone ?? ''
  const { caller: tenant } = await site.project('reserving')
  const asks: readonly Partial<ReserveOrder>[] = [
    {},
    { type: 't2.small', endsAt: site.clock.at + 3_600_000 },
    { dryRun: true },
  ]
  for (const offers of [[], [{ type: 't2.nano', price: 1 }]]) {
    const { caller } = await partner({ offers })
    for (const asked of asks) {
      const order = { type: 't2.nano', zone, count: 1, ...asked }
      expect(await refusalOf(operations.createReservation(caller, order))).toMatchObject({
        kind: 'forbidden',
        detail: { reason: 'partner' },
        message: expect.stringContaining('reserve no capacity'),
      })
      expect((await operations.createReservation(tenant, { ...order, dryRun: true })).record.wish.count).toBe(1)
    }
    const { record } = await operations.createReservation(tenant, { zone, count: 1, type: 't2.nano' })
    const change = { reservation: record.id, count: 2 }
    expect(await refusalOf(operations.changeReservation(caller, change))).toMatchObject({ kind: 'forbidden' })
    expect(await operations.listReservations(caller)).toEqual([])
    await operations.cancelReservation(tenant, { reservation: record.id })
  }
})

test('revoked at one gateway, it orders nothing at the other; what it has it still has, and may end', async () => {
  const { name, caller } = await partner({ offers: [{ type: 't2.nano', price: 1 }] })
  const { id } = only(await order(caller))
  const revoked = await site.first.operations.revokePartner(OPERATOR, name)
  expect(revoked.partner.revokedAt).toBeGreaterThan(0)
  expect(await refusalOf(order(caller))).toMatchObject({
    kind: 'forbidden',
    message: expect.stringContaining('revoked'),
  })
  expect(await site.second.operations.listPartnerOffers(caller)).toEqual([])
  expect(await site.second.operations.getCompute(caller, id)).toMatchObject({ id })
  await site.second.operations.deleteComputes(caller, { ids: [id] })
  expect(await site.first.operations.revokePartner(OPERATOR, name)).toMatchObject({ partner: revoked.partner })
  expect(await refusalOf(site.first.operations.revokePartner(OPERATOR, 'nobody'))).toMatchObject({ kind: 'not-found' })
})

test('a partner of other regions orders nothing here', async () => {
  const { caller } = await partner({ regions: ['elsewhere'] })
  expect(await refusalOf(order(caller))).toMatchObject({
    kind: 'forbidden',
    message: expect.stringContaining('elsewhere'),
  })
})

test('an order says where it comes from, and is believed only with the signature of that partner', async () => {
  const [guest, other] = [await partner(), await partner()]
  const made = only(await order(guest.caller, { origin: signed(guest.password, origin()) }))
  expect(made.wish.origin).toEqual(origin())
  for (const forged of [
    { ...signed(guest.password, origin()), path: ['south'] },
    { ...signed(guest.password, origin()), project: 'tag-2' },
    signed(other.password, origin()),
    { ...origin(), signature: '' },
    signed(guest.password, origin({ path: ['a\nb'] })),
    signed(guest.password, origin({ order: 'no-uuid' })),
  ])
    expect(await refusalOf(order(guest.caller, { origin: forged }))).toMatchObject({ kind: 'invalid' })
})

test('an order that comes back is refused: by its own id, and by what is served for somebody else', async () => {
  const [one, other] = [await partner(), await partner()]
  const own = only(await order(one.caller))
  const back = signed(other.password, origin({ order: own.id, path: ['here', 'north'] }))
  expect(await refusalOf(order(other.caller, { origin: back }))).toMatchObject({
    kind: 'no-capacity',
    detail: { reason: 'loop' },
  })
  const sent = 'aaaaaaaa-0000-4000-8000-000000000001'
  await order(one.caller, { origin: signed(one.password, origin({ order: sent })) })
  const round = signed(other.password, origin({ order: sent, path: ['north', 'here', 'south'] }))
  expect(await refusalOf(order(other.caller, { origin: round }))).toMatchObject({ detail: { reason: 'loop' } })
  const again = signed(one.password, origin({ order: sent }))
  expect(only(await order(one.caller, { origin: again })).wish.origin?.order).toBe(sent)
})

test('stripped of all that, it is an order of an account that goes no further: its machines stay off providers', async () => {
  const stay = await partner()
  expect(only(await order(stay.caller)).wish.origin).toBeUndefined()
  const bursts = async (name: string) =>
    (await site.first.operations.listProjects(OPERATOR)).find(({ wish }) => wish.name === name)?.wish.bursts
  expect(await bursts(stay.name)).toBe('never')
  const go = await partner({ onward: 'allowed' })
  expect(await bursts(go.name)).toBeUndefined()
})

test('what there is no room for now is refused at once: it is not made to wait', async () => {
  const { caller } = await partner({ quota: { instances: 9_000, cores: 90_000, memoryMiB: 2 ** 30 } })
  const many = { minCount: 900, maxCount: 900 }
  expect(await refusalOf(order(caller, many))).toMatchObject({ kind: 'no-capacity', detail: { reason: 'partner' } })
  const each = Array.from({ length: 900 }, () => ({ type: 't2.nano' }))
  expect(await refusalOf(runEach(site.second.operations, caller, each))).toMatchObject({ kind: 'no-capacity' })
  await order(caller, { minCount: 2, maxCount: 2 })
  // Where they may be sent on, there may be room elsewhere.
  const onward = await partner({ quota: { instances: 9_000, cores: 90_000, memoryMiB: 2 ** 30 }, onward: 'allowed' })
  const sent = (await order(onward.caller, { ...many, origin: signed(onward.password, origin({ order: OTHER })) }))
    .computes
  expect(sent.map(({ wish }) => wish.burst)).toEqual(sent.map(() => undefined))
  // But not where an order does not say where it comes from.
  expect(await refusalOf(order(onward.caller, many))).toMatchObject({
    kind: 'no-capacity',
    detail: { reason: 'partner' },
  })
  const stays = only(await order(onward.caller))
  expect([stays.wish.burst, stays.wish.origin]).toEqual([{ never: true }, undefined])
})

/** A site of its own, with room for so many of t2.nano on each of its eight hosts. */
async function smallSite(each: number, work: () => Promise<void>): Promise<void> {
  const former = site
  site = await startGateways(redis)
  try {
    await site.probeHosts({ cpuHundredths: each * 100, memoryMiB: each * 512, diskGiB: 1_000 })
    await work()
  } finally {
    await site.close()
    site = former
  }
}

test('as many as there is room for, at least as many as are wanted; machines of several sizes see each other', () =>
  smallSite(2, async () => {
    const { caller } = await partner({ quota: { instances: 100, cores: 100, memoryMiB: 2 ** 20 } })
    expect(await refusalOf(order(caller, { minCount: 17, maxCount: 20 }))).toMatchObject({
      kind: 'no-capacity',
      message: 'there is room for 16 more of such machines now',
    })
    // Each of the two takes a host's memory: there is room for either sort alone.
    const mixed = [
      ...Array.from({ length: 14 }, () => ({ type: 't2.nano' })),
      { type: 't2.micro' },
      { type: 't2.micro' },
    ]
    const { operations } = site.second
    expect(await refusalOf(runEach(operations, caller, mixed))).toMatchObject({ kind: 'no-capacity' })
    expect(await runEach(operations, caller, mixed.slice(2))).toHaveLength(14)
    expect((await order(caller, { minCount: 2, maxCount: 20 })).computes).toHaveLength(16)
  }))

test('revoked or expired, what it has gets no other size', async () => {
  const { name, caller } = await partner()
  const { id } = only(await order(caller))
  await site.first.operations.revokePartner(OPERATOR, name)
  const resized = site.second.operations.resizeCompute(caller, { id, type: 't2.small', dryRun: true })
  expect(await refusalOf(resized)).toMatchObject({ kind: 'forbidden', message: expect.stringContaining('revoked') })
})

test('an offer is kept for a day, or until the partnership ends; then nothing is offered and nothing is taken', async () => {
  const offers = [{ type: 't2.nano', price: 5_800 }]
  const [long, short] = [await partner({ offers }), await partner({ offers, expiresInSeconds: 3_600 })]
  const now = site.clock.at
  const until = async ({ caller }: Guest) =>
    (await site.second.operations.listPartnerOffers(caller))?.map(({ validUntil }) => validUntil - now)
  expect([await until(long), await until(short)]).toEqual([[86_400_000], [3_600_000]])
  try {
    site.clock.at = now + 3_599_999
    await order(short.caller)
    site.clock.at = now + 3_600_000
    expect(await until(short)).toEqual([])
    expect(await refusalOf(order(short.caller))).toMatchObject({
      kind: 'forbidden',
      message: expect.stringContaining('expired'),
    })
    expect(await until(long)).toEqual([90_000_000])
  } finally {
    site.clock.at = now
  }
})

test('a partner that was revoked is added anew under another name, or once what it had is ended: it is said so', async () => {
  const { name } = await partner()
  const { operations } = site.first
  const again = () => operations.addPartner(OPERATOR, { name, quota: QUOTA })
  expect(await refusalOf(again())).toMatchObject({ kind: 'exists', message: expect.not.stringContaining('revoked') })
  await operations.revokePartner(OPERATOR, name)
  const { kind, message } = await refusalOf(again())
  expect(kind).toBe('exists')
  expect(message).toMatch(/revoked.*project purge/)
})

test('two offers that would be told as one are refused by name', async () => {
  const offers = [
    { type: 't2.nano', price: 1 },
    { type: 't2.small', price: 2 },
    { type: 't2.nano', price: 3 },
  ]
  expect(
    await refusalOf(site.first.operations.addPartner(OPERATOR, { name: 'twice', quota: QUOTA, offers })),
  ).toMatchObject({
    kind: 'invalid',
    message: expect.stringContaining('t2.nano'),
  })
})

test('a tenant that is no partner is offered nothing, and what it says of an origin is not kept', async () => {
  const { caller } = await site.project('tenant')
  expect(await site.first.operations.listPartnerOffers(caller)).toBeNull()
  const made = only(await order(caller, { origin: { ...origin(), signature: 'x' } }))
  expect(made.wish.origin).toBeUndefined()
})
