/** Providers as the admin API answers them, and as people read them. */
import { z } from 'zod'
import { formatAmount } from '../../../model/providers/money'
import { fields, memory, table } from '../../output'

const type = z.object({
  name: z.string(),
  cores: z.number(),
  memoryMiB: z.number(),
  diskGiB: z.number().nullable(),
  price: z.number(),
  count: z.number().nullable(),
  taken: z.number(),
})

export const provider = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.string(),
  endpoint: z.string(),
  region: z.string(),
  zone: z.string(),
  account: z.string(),
  settings: z.record(z.string(), z.string()),
  enabled: z.boolean(),
  removing: z.boolean(),
  contact: z.enum(['never', 'ok', 'lost']),
  message: z.string().nullable(),
  machines: z.number(),
  types: z.array(type),
  limits: z.object({ cores: z.number().nullable(), memoryMiB: z.number().nullable() }),
  images: z.record(z.string(), z.string()),
  latencyMs: z.number().nullable(),
  burstAfterMs: z.number(),
  currency: z.string(),
  budget: z.number().nullable(),
  alarmAt: z.number(),
  stopAtBudget: z.boolean(),
  prices: z.object({
    diskGiB: z.number().optional(),
    address: z.number().optional(),
    trafficGiB: z.number().optional(),
  }),
  alarm: z.object({ mark: z.number() }).nullable(),
  month: z.string(),
  spent: z.number(),
  promised: z.number(),
  projects: z.record(z.string(), z.number()),
  orphans: z.array(z.string()),
  strays: z.array(
    z.object({
      name: z.string(),
      object: z.string(),
      type: z.string().nullable(),
      price: z.number().nullable(),
      since: z.string().nullable(),
    }),
  ),
})
export type Provider = z.infer<typeof provider>
export const providers = z.object({ providers: z.array(provider) })

export const state = ({ enabled, removing, contact }: Provider): string => {
  if (removing) return 'is removed'
  if (!enabled) return 'disabled'
  return contact === 'ok' ? 'enabled' : contact === 'never' ? 'not asked yet' : 'does not answer'
}

export const amount = ({ currency }: Provider, millionths: number | null): string =>
  millionths === null ? 'none' : `${formatAmount(millionths)} ${currency}`

const pairs = (of: Readonly<Record<string, string>>): string =>
  Object.entries(of)
    .map(([name, value]) => `${name}=${value}`)
    .join(', ')

export const details = (it: Provider): string =>
  `${fields({
    name: it.name,
    kind: it.kind,
    endpoint: it.endpoint,
    region: it.region,
    zone: it.zone,
    account: it.account,
    settings: pairs(it.settings),
    state: state(it),
    message: it.message,
    machines: it.machines,
    types: it.types
      .map(({ name, taken, count }) => `${name} (${taken}${count === null ? '' : ` of ${count}`})`)
      .join(', '),
    'most cores': it.limits.cores,
    'most memory': it.limits.memoryMiB === null ? null : memory(it.limits.memoryMiB),
    images: pairs(it.images),
    latency: it.latencyMs === null ? null : `${it.latencyMs} ms`,
    'bursts after': `${it.burstAfterMs / 1000} s`,
    ...used(it),
    orphans: it.orphans.join(', '),
  })}${it.strays.length === 0 ? '' : `\n${strays(it)}`}`

/** What there bears our mark, costs, and belongs to no machine here. */
function strays(it: Provider): string {
  return table(
    ['orphan', 'object', 'type', 'an hour', 'since'],
    it.strays.map(({ name, object, type: theirs, price, since }) => [
      ...[name, object, theirs, price === null ? 'unknown' : amount(it, price), since],
    ]),
    'no orphans',
  )
}

function used(it: Provider): Readonly<Record<string, string>> {
  const atEnd = it.stopAtBudget ? ', then machines there are stopped' : ''
  const told = it.alarm === null ? `told at ${it.alarmAt} %` : `${it.alarm.mark} % of it passed`
  return {
    budget: it.budget === null ? 'none' : `${amount(it, it.budget)} a month (${told}${atEnd})`,
    [`spent in ${it.month}`]: amount(it, it.spent),
    'promised to its end': amount(it, it.promised),
  }
}

export const prices = (it: Provider): string =>
  table(
    ['type', 'cores', 'memory', 'an hour', 'taken', 'at most'],
    it.types.map((one) => [
      one.name,
      one.cores,
      memory(one.memoryMiB),
      amount(it, one.price),
      one.taken,
      one.count === null ? 'no limit' : one.count,
    ]),
    `${it.name} offers no types: add one with provider type`,
  ) + beside(it)

const BESIDE: readonly (readonly [keyof Provider['prices'], string])[] = [
  ['diskGiB', 'a GiB of disk for an hour'],
  ['address', 'a public address for an hour'],
  ['trafficGiB', 'a GiB sent'],
]

function beside(it: Provider): string {
  return BESIDE.flatMap(([name, what]) => {
    const price = it.prices[name]
    return price === undefined ? [] : [`${what}: ${amount(it, price)}\n`]
  }).join('')
}

export const spending = (it: Provider): string =>
  `${fields(used(it))}${table(
    ['project', 'spent'],
    Object.entries(it.projects).map(([name, spent]) => [name, amount(it, spent)]),
    'nothing was spent yet',
  )}`
