import { fault } from '../../faults'
import type { PriceBook } from '../../model/accounts'
import { attempt } from '../attempt'
import type { Context, Operator } from '../context'
import { checkAmount, checkCurrency } from '../providers/check-order'
import type { PriceChange } from './operations'
import { priced, pricesOf } from './record'

const SINGLE = ['core', 'memoryGiB', 'diskGiB', 'snapshotGiB', 'address', 'trafficGiB'] as const

/** What the site takes. */
export async function readPrices(context: Context): Promise<PriceBook> {
  await context.mirror.fresh()
  return pricesOf(context)
}

/** Only what is given changes. Faults: 'invalid' and 'not-found' (a type) naming the field, 'unavailable'. */
export function setPrices(context: Context, operator: Operator, change: PriceChange): Promise<PriceBook> {
  check(change)
  return attempt(context, operator.actor, 'set-prices', async () => {
    await context.mirror.fresh()
    for (const [name, price] of Object.entries(change.types ?? {}))
      if (price !== null && context.mirror.named(`type:${name}`)?.kind !== 'type')
        throw fault('not-found', `there is no instance type ${name}`, { field: `types.${name}` })
    const value = changed(pricesOf(context), change)
    return { value, change: priced(context, value) }
  })
}

function check(change: PriceChange): void {
  if (change.currency !== undefined) checkCurrency(change.currency)
  for (const field of SINGLE) {
    const price = change[field]
    if (price != null) checkAmount(field, price)
  }
  for (const [name, price] of Object.entries(change.types ?? {}))
    if (price !== null) checkAmount(`types.${name}`, price)
}

function changed(before: PriceBook, change: PriceChange): PriceBook {
  const { types = {}, currency, ...single } = change
  const all = Object.entries({ ...before.types, ...types }).filter((pair): pair is [string, number] => pair[1] !== null)
  return {
    ...before,
    ...single,
    currency: currency ?? before.currency,
    types: Object.fromEntries(all.toSorted(([a], [b]) => (a < b ? -1 : 1))),
  }
}
