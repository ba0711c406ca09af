import { fault } from '../../faults'
import type { Size } from '../../model/machine'
import { HOME, type ProviderWish } from '../../model/providers/record'
import type { HostRecord } from '../../model/records'
import { seal } from '../../store/sealed'
import type { Context, Operator } from '../context'
import { changeHost } from '../host/orders'
import { refuseTwinAccount } from '../host/refuse-twin'
import {
  checkAllowed,
  checkAmount,
  checkKind,
  checkPrices,
  checkRegions,
  checkSettings,
  checkType,
  checkWord,
  whole,
} from './check-order'
import type { ProviderChange } from './operations'
import { providerNamed, providerOf } from './provider-named'

const DAY_MS = 86_400_000

/** Faults: 'not-found', 'invalid', 'exists', 'in-use', 'conflict', 'unavailable'. */
export function setProvider(
  context: Context,
  operator: Operator,
  name: string,
  change: ProviderChange,
): Promise<HostRecord> {
  check(change)
  return changeHost(context, operator, name, 'set-provider', async () => {
    const host = providerNamed(context, name)
    if (change.settings) checkSettings(checkKind(host.wish.driver), change.settings)
    if (change.allowed) checkAllowed(checkKind(host.wish.driver), change.allowed)
    if (change.withoutType !== undefined) await refuseTaken(context, host, change.withoutType)
    const wish = { ...host.wish, provider: changed(context, host, change) }
    if (change.account !== undefined) refuseTwinAccount(context, wish, name)
    return wish
  })
}

function check({
  account,
  secret,
  type,
  images = {},
  limits = {},
  latencyMs,
  burstAfterMs,
  budget,
  dataRegions,
  home = {},
  alarmAt,
  prices = {},
}: ProviderChange): void {
  if (account !== undefined) checkWord('account', account)
  if (secret !== undefined) checkWord('secret', secret, 4096)
  if (type !== undefined) checkType(type)
  for (const [ami, theirs] of Object.entries(images)) if (theirs !== null) checkWord(`images.${ami}`, theirs)
  for (const field of ['cores', 'memoryMiB'] as const) {
    const limit = limits[field]
    if (limit != null) whole(`limits.${field}`, limit, 0, 2 ** 40)
  }
  if (latencyMs != null) whole('latencyMs', latencyMs, 0, 60_000)
  if (burstAfterMs !== undefined) whole('burstAfterMs', burstAfterMs, 0, 30 * DAY_MS)
  if (budget != null) checkAmount('budget', budget)
  if (dataRegions != null) checkRegions('dataRegions', dataRegions)
  if (home.afterMs !== undefined) whole('home.afterMs', home.afterMs, 0, 365 * DAY_MS)
  if (home.perHour !== undefined) whole('home.perHour', home.perHour, 0, 3600)
  if (alarmAt != null) whole('alarmAt', alarmAt, 1, 100)
  checkPrices(prices)
}

function changed(context: Context, host: HostRecord, change: ProviderChange): ProviderWish {
  const {
    alarmAt: _alarm,
    stopAtBudget: _stops,
    prices: _prices,
    dataRegions: formerRegions,
    ...before
  } = providerOf(host)
  const dataRegions = change.dataRegions === undefined ? formerRegions : (change.dataRegions ?? undefined)
  const { account, secret, type, withoutType, limits, latencyMs, burstAfterMs, budget } = change
  const types = before.types.filter(({ name }) => name !== withoutType && name !== type?.name)
  return {
    ...before,
    account: account ?? before.account,
    secret: secret === undefined ? before.secret : seal(context.ring, host.id, secret),
    settings: merged(before.settings, change.settings ?? {}),
    types: type === undefined ? types : [...types, type].toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    images: merged(before.images, imagesOf(context, change.images ?? {})),
    limits: { ...before.limits, ...limits },
    latencyMs: latencyMs === undefined ? before.latencyMs : latencyMs,
    burstAfterMs: burstAfterMs ?? before.burstAfterMs,
    budget: budget === undefined ? before.budget : budget,
    ...(change.allowed === undefined ? {} : { allowed: merged(before.allowed ?? {}, change.allowed) }),
    ...(dataRegions === undefined ? {} : { dataRegions }),
    ...(change.home === undefined ? {} : { home: { ...(before.home ?? HOME), ...change.home } }),
    ...withMoney(providerOf(host), change),
  }
}

/** What is not said stays, and what is none is not written. */
function withMoney(before: ProviderWish, { alarmAt, stopAtBudget, prices }: ProviderChange): Partial<ProviderWish> {
  const { alarmAt: formerAlarm, stopAtBudget: formerStop, prices: formerPrices } = before
  const alarm = alarmAt === undefined ? formerAlarm : (alarmAt ?? undefined)
  const stops = stopAtBudget ?? formerStop === true
  const beside = Object.entries({ ...formerPrices, ...prices }).filter(([, price]) => price !== null)
  return {
    ...(alarm === undefined ? {} : { alarmAt: alarm }),
    ...(stops ? { stopAtBudget: true } : {}),
    ...(beside.length === 0 ? {} : { prices: Object.fromEntries(beside) }),
  }
}

const merged = <T extends string | readonly string[]>(
  before: Readonly<Record<string, T>>,
  changes: Readonly<Record<string, T | null>>,
): Readonly<Record<string, T>> =>
  Object.fromEntries(Object.entries({ ...before, ...changes }).filter((pair): pair is [string, T] => pair[1] !== null))

/** By record id instead of `ami-…`. Fault: 'not-found'. */
function imagesOf(context: Context, images: NonNullable<ProviderChange['images']>): Record<string, string | null> {
  return Object.fromEntries(
    Object.entries(images).map(([ami, theirs]) => {
      const record = context.mirror.named(ami)
      if (record?.kind !== 'image')
        throw fault('not-found', `there is no image ${ami}`, { subject: { kind: 'image', id: ami }, field: 'images' })
      return [record.id, theirs]
    }),
  )
}

/** Of machines that have it nobody would know what they cost. Fault: 'in-use'. */
async function refuseTaken(context: Context, host: HostRecord, type: string): Promise<void> {
  if (!providerOf(host).types.some(({ name }) => name === type))
    throw fault('not-found', `${host.wish.name} offers no type ${type}`, { field: 'withoutType' })
  const [held] = await context.store.hostClaims([host.id])
  const takers = Object.values(held?.claims ?? {}).filter((text) => (JSON.parse(text) as Size).offer === type).length
  if (takers > 0)
    throw fault('in-use', `${takers} machines have the type ${type} there; a count of 0 lets no more have it`, {
      field: 'withoutType',
    })
}
