/** What operators order of a provider that is there. */
import { readFileSync } from 'node:fs'
import { fault } from '../../../faults'
import { parseAmount } from '../../../model/providers/money'
import type { AdminClient } from '../../admin-client'
import { type Given, type Leaf, pathTo } from '../../leaf'
import { details, type Provider, prices, provider, spending } from './shape'

type Options = Given['options']

const patch = async (admin: AdminClient, name: string, change: object): Promise<Provider> =>
  provider.parse(await admin.patch(pathTo('providers', name), change))

const wrong = (flag: string, takes: string) => fault('invalid', `${flag} takes ${takes}`, { field: flag })

function number(options: Options, flag: string, name: string): number | undefined {
  const given = options[name]
  if (given === undefined) return undefined
  const value = Number(given)
  if (!Number.isFinite(value) || value < 0) throw wrong(flag, 'a number')
  return value
}

/** A number; `none` takes it away. */
const numberOrNone = (options: Options, flag: string, name: string): number | null | undefined =>
  options[name] === 'none' ? null : number(options, flag, name)

function money(flag: string, given: string | true | undefined): number | null | undefined {
  if (given === undefined) return undefined
  if (given === 'none') return null
  const amount = parseAmount(String(given))
  if (amount === undefined) throw wrong(flag, 'an amount, as 0.095, or none')
  return amount
}

const present = (values: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))

/** A secret never stands on a command line: it is the first line of a file, or of standard input (`-`). Fault: 'not-found'. */
export function secretIn(file: string | true | undefined): string | undefined {
  if (file === undefined) return undefined
  try {
    return readFileSync(file === '-' ? 0 : String(file), 'utf8').split('\n')[0] ?? ''
  } catch (cause) {
    throw fault('not-found', `${file} cannot be read`, { cause })
  }
}

/** `a=b,c=d`; a name without a value takes it away. */
export function settingsIn(given: string | true | undefined): Record<string, string | null> | undefined {
  if (given === undefined) return undefined
  return Object.fromEntries(
    String(given)
      .split(',')
      .map((pair): [string, string | null] => {
        const [name = '', ...value] = pair.split('=')
        return [name.trim(), value.join('=') || null]
      }),
  )
}

export const set: Leaf<Provider> = {
  usage: 'set <name>',
  description: 'change who we are there, how much may run there, and when machines go there',
  options: [
    ['--account <id>', 'access key id, or user'],
    ['--secret-file <file>', 'file whose first line is the secret; - for standard input'],
    ['--setting <name=value,...>', 'what its driver is told beside; a name without a value takes it away'],
    ['--cores <n>', 'cores of all machines there at most; or none'],
    ['--memory-mib <n>', 'MiB of all machines there at most; or none'],
    ['--latency <ms>', 'from the users to there, for ranks; or none'],
    ['--burst-after <seconds>', 'so long a machine waits for a local host that could take it'],
  ],
  async run(admin, { args: [name = ''], options }) {
    const after = number(options, 'burst-after', 'burstAfter')
    const limits = present({
      cores: numberOrNone(options, 'cores', 'cores'),
      memoryMiB: numberOrNone(options, 'memory-mib', 'memoryMib'),
    })
    const change = {
      account: options.account,
      secret: secretIn(options.secretFile),
      settings: settingsIn(options.setting),
      limits: Object.keys(limits).length === 0 ? undefined : limits,
      latencyMs: numberOrNone(options, 'latency', 'latency'),
      burstAfterMs: after === undefined ? undefined : Math.round(after * 1000),
    }
    return patch(admin, name, present(change))
  },
  show: details,
}

export const type: Leaf<Provider> = {
  usage: 'type <name> <type>',
  description: 'offer a type of the provider’s, at a price',
  options: [
    ['--cores <n>', 'cores that it has'],
    ['--memory-mib <n>', 'MiB that it has'],
    ['--price <amount>', 'what an hour costs, as 0.095'],
    ['--count <n>', 'so many at a time at most; otherwise as the limits allow'],
    ['--disk-gib <n>', 'the largest root disk; otherwise any'],
    ['--remove', 'offer it no more'],
  ],
  async run(admin, { args: [name = '', typeName = ''], options }) {
    if (options.remove) return patch(admin, name, { withoutType: typeName })
    const cores = number(options, 'cores', 'cores')
    const memoryMiB = number(options, 'memory-mib', 'memoryMib')
    const price = money('price', options.price)
    if (cores === undefined || memoryMiB === undefined || price == null)
      throw fault('missing', 'a type is offered with --cores, --memory-mib and --price')
    const count = number(options, 'count', 'count') ?? null
    const diskGiB = number(options, 'disk-gib', 'diskGib') ?? null
    return patch(admin, name, { type: { name: typeName, cores, memoryMiB, diskGiB, price, count } })
  },
  show: prices,
}

export const image: Leaf<Provider> = {
  usage: 'image <name> <image> [theirs]',
  description: 'say which of its images is the same as an image here; without it, that it has none',
  run: (admin, { args: [name = '', ours = '', theirs] }) => patch(admin, name, { images: { [ours]: theirs ?? null } }),
  show: details,
}

export const pricesOf: Leaf<Provider> = {
  usage: 'prices <name>',
  description: 'the types that it offers, with their prices; and what else costs something there',
  options: [
    ['--disk <amount>', 'a GiB of a root disk for an hour; or none'],
    ['--address <amount>', 'the public address of a machine for an hour; or none'],
    ['--traffic <amount>', 'a GiB that machines send; or none'],
  ],
  run: async (admin, { args: [name = ''], options }) => {
    const beside = present({
      diskGiB: money('disk', options.disk),
      address: money('address', options.address),
      trafficGiB: money('traffic', options.traffic),
    })
    if (Object.keys(beside).length === 0) return provider.parse(await admin.get(pathTo('providers', name)))
    return patch(admin, name, { prices: beside })
  },
  show: prices,
}

export const budget: Leaf<Provider> = {
  usage: 'budget <name> [amount]',
  description: 'what is spent; with an amount, how much may be spent there in a month (none: no limit)',
  options: [
    ['--alarm-at <percent>', 'of the budget, when it is told first; or none, for 80'],
    ['--stop-at-budget <yes>', 'once it is spent, machines that run there are stopped: yes, or no'],
  ],
  run: async (admin, { args: [name = '', given], options }) => {
    const stops = options.stopAtBudget
    if (stops !== undefined && stops !== 'yes' && stops !== 'no') throw wrong('stop-at-budget', 'yes or no')
    const change = present({
      budget: money('amount', given),
      alarmAt: numberOrNone(options, 'alarm-at', 'alarmAt'),
      stopAtBudget: stops === undefined ? undefined : stops === 'yes',
    })
    if (Object.keys(change).length === 0) return provider.parse(await admin.get(pathTo('providers', name)))
    return patch(admin, name, change)
  },
  show: spending,
}
