/** By what a host of one's own is told from every other one. What only a host has that is not there any more stands in nobody's way (store/scripts/change.lua). */
import type { HostWish } from './host-records'

type Marked = Pick<HostWish, 'name' | 'address' | 'hostKeys' | 'simulated' | 'provider'>
type Mark = { readonly hash: string; readonly field: string }

/** What it takes for itself alone: its name, and where it is its operator's own also how it is reached and each ssh host key. */
export function marksOf({ name, address, hostKeys = [], simulated, provider }: Marked): readonly Mark[] {
  const named = { hash: 'names', field: `host:${name}` }
  if (simulated || provider !== undefined) return [named]
  const keys = new Set(hostKeys)
  return [
    named,
    ...[`address:${address}`, ...[...keys].map((key) => `key:${key}`)].map((field) => ({ hash: 'hosts', field })),
  ]
}

/** What of `marks` is not among `others`. */
export const marksBeyond = (marks: readonly Mark[], others: readonly Mark[]): readonly Mark[] =>
  marks.filter(({ hash, field }) => !others.some((other) => other.hash === hash && other.field === field))
