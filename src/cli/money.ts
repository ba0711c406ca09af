/** Amounts and prices, as people write and read them. */
import { fault } from '../faults'
import { formatAmount, parseAmount } from '../model/providers/money'

/** `12.34 EUR` of millionths; `no price` where nobody said one. */
export const money = (
  it: { readonly amount: number | null; readonly currency: string | null } | null,
  unpriced = 'no price',
): string =>
  it === null || it.amount === null ? unpriced : `${formatAmount(it.amount)} ${it.currency ?? ''}`.trimEnd()

/** Millionths; `none`: it has no price any more. Fault: 'unknown-field' (wrong usage), naming the flag. */
export function amountOrNone(flag: string, given: string): number | null {
  if (given === 'none') return null
  const amount = parseAmount(given)
  if (amount === undefined) throw fault('unknown-field', `${flag}: "${given}" is no amount, as 0.095, or none`)
  return amount
}

/** `t2.nano=0.005,m1.small=none`: types with what an hour costs, in millionths. Fault: 'unknown-field' (wrong usage), naming the flag. */
export const pricedTypes = (flag: string, given: string): readonly (readonly [type: string, price: number | null])[] =>
  given
    .split(',')
    .filter(Boolean)
    .map((pair) => {
      const at = pair.lastIndexOf('=')
      if (at < 1) throw fault('unknown-field', `${flag}: "${pair}" is no type with its price, as t2.nano=0.005`)
      return [pair.slice(0, at), amountOrNone(flag, pair.slice(at + 1))]
    })
