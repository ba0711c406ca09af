/** `prices`: what the site takes for an hour. */
import { z } from 'zod'
import { addLeaf, type Family, type Leaf } from '../leaf'
import { amountOrNone, money, pricedTypes } from '../money'
import { fields } from '../output'

const price = z.number().nullable()
const book = z.object({
  currency: z.string(),
  types: z.record(z.string(), z.number()),
  core: price,
  memoryGiB: price,
  diskGiB: price,
  snapshotGiB: price.default(null),
  address: price,
  trafficGiB: price,
})
export type Prices = z.infer<typeof book>

const FLAGS = [
  ['core', 'core'],
  ['memory', 'memoryGiB'],
  ['disk', 'diskGiB'],
  ['snapshot', 'snapshotGiB'],
  ['address', 'address'],
  ['traffic', 'trafficGiB'],
] as const

export function toldPrices({ currency, types, ...single }: Prices): string {
  const amount = (value: number | null) => money({ amount: value, currency }, '')
  return fields({
    currency,
    ...Object.fromEntries(Object.entries(types).map(([name, value]) => [`${name}, an hour`, amount(value)])),
    'a core, an hour': amount(single.core),
    'a GiB of memory, an hour': amount(single.memoryGiB),
    'a GiB of disk, an hour': amount(single.diskGiB),
    'a GiB of a snapshot, an hour': amount(single.snapshotGiB),
    'a public address, an hour': amount(single.address),
    'a GiB sent': amount(single.trafficGiB),
  })
}

const prices: Leaf<Prices> = {
  usage: 'prices',
  description: 'what the site takes for what is used on its own hosts; with options, changed',
  options: [
    ['--type <name=amount,...>', 'instance types: an hour of a machine; none takes a price away'],
    ['--core <amount>', 'an hour of a core, of machines whose type has no price; or none'],
    ['--memory <amount>', 'an hour of a GiB of memory, of the same machines; or none'],
    ['--disk <amount>', 'an hour of a GiB of disk, of machines and volumes; or none'],
    ['--snapshot <amount>', 'an hour of a GiB of the volumes that snapshots were taken of; or none'],
    ['--address <amount>', 'an hour of a public address; or none'],
    ['--traffic <amount>', 'a GiB that machines send; or none'],
    ['--currency <code>', 'of all of them, as EUR'],
  ],
  async run(admin, { options }) {
    const change: Record<string, unknown> = {}
    for (const [flag, field] of FLAGS) {
      const given = options[flag]
      if (given !== undefined) change[field] = amountOrNone(`--${flag}`, String(given))
    }
    if (options.type !== undefined) change.types = Object.fromEntries(pricedTypes('--type', String(options.type)))
    if (options.currency !== undefined) change.currency = options.currency
    return book.parse(await (Object.keys(change).length === 0 ? admin.get('/prices') : admin.patch('/prices', change)))
  },
  show: toldPrices,
}

export const pricesCommand: Family = (root, cli) => addLeaf(root, cli, prices)
