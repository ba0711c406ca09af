/**
 * What a list shows of the public addresses that bear our mark in an account, beside what the records say. One without a record is told
 * with its cost and never touched. Where a record's is not shown, is another one, or bears company, its own job looks.
 */
import type { Ref } from '../../../src/model/ids'
import type { AddressRecord } from '../../../src/model/records'
import type { AddressSighting } from '../../drivers/driver'
import type { Work } from '../work'

export interface Compared {
  readonly orphans: readonly AddressSighting[]
  /** Put on the agenda. */
  readonly woken: readonly Ref[]
}

const NOTHING: Compared = { orphans: [], woken: [] }

/** `held`: ids of what claims something there; `found`: absent where the driver does not tell. Fault: 'unavailable'. */
export async function compareAddresses(
  work: Work,
  held: readonly string[],
  found: readonly AddressSighting[] | undefined,
): Promise<Compared> {
  if (found === undefined) return NOTHING
  const names = [...new Set(found.map(({ name }) => name))]
  const taken = names.length === 0 ? [] : await work.store.resolve('names', names)
  const known = new Set(names.filter((_name, at) => taken[at]?.startsWith('address:')))
  const records = held.length === 0 ? [] : await work.store.readMany('address', held)
  const woken = records.flatMap((record): Ref[] =>
    record !== undefined && differs(record, found) ? [{ kind: 'address', id: record.id }] : [],
  )
  if (woken.length > 0) await work.store.wake(woken, work.clock.now())
  return { orphans: found.filter(({ name }) => !known.has(name)), woken }
}

/** Told once: one that is gone there is looked at by its own job, ever more seldom. */
function differs({ wish, seen, journal }: AddressRecord, found: readonly AddressSighting[]): boolean {
  const its = found.filter(({ name }) => name === wish.name)
  if (its.length > 1) return true
  if (seen === null || journal?.stuck) return false
  return its[0]?.object !== seen.object
}
