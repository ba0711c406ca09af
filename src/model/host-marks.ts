/** By what a host of one's own, or an account at a provider, is told from every other one. What only a host has that is not there any more stands in nobody's way (store/scripts/change.lua). */
import type { HostWish } from './host-records'
import { placeOf } from './providers/same-account'

type Marked = Pick<HostWish, 'name' | 'driver' | 'address' | 'hostKeys' | 'simulated' | 'provider'>
type Mark = { readonly hash: string; readonly field: string }

/** What it takes for itself alone: its name; where it is its operator's own also how it is reached and each ssh host key; of a provider the account. */
export const marksOf = (wish: Marked): readonly Mark[] => [
  { hash: 'names', field: `host:${wish.name}` },
  ...fieldsOf(wish).map((field) => ({ hash: 'hosts', field })),
]

function fieldsOf({ driver, address, hostKeys = [], simulated, provider }: Marked): readonly string[] {
  if (provider !== undefined) return [`account:${driver} ${provider.account} ${placeOf(address)}`]
  if (simulated) return []
  return [`address:${address}`, ...[...new Set(hostKeys)].map((key) => `key:${key}`)]
}

/** What of `marks` is not among `others`. */
export const marksBeyond = (marks: readonly Mark[], others: readonly Mark[]): readonly Mark[] =>
  marks.filter(({ hash, field }) => !others.some((other) => other.hash === hash && other.field === field))
