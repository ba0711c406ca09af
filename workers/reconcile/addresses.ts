/**
 * The public addresses of a machine, as its job needs to know them: only those that no former machine may still have are wanted of
 * it now. It comes back for the others; nothing else of it waits.
 */
import type { ComputeId } from '../../src/model/ids'
import { ipOf } from '../../src/model/provider-addresses'
import { mayPublish, publicsOf } from '../../src/model/public-addresses'
import type { AddressRecord, ComputeRecord, PublicWish } from '../../src/model/records'
import type { Next, Work } from './work'

/** How often a machine looks whether its addresses are free of their former holders, ms. */
const FREE_MS = 1000

export interface WithAddresses {
  /** Its wish names free addresses only. For deciding, never written. */
  readonly record: ComputeRecord
  /** Former machines that others wait for. */
  readonly awaited: readonly ComputeId[]
}

/** Its record is read after its wish: a former holder that is not named there any more was seen without it. */
export async function withFreeAddresses(work: Work, record: ComputeRecord): Promise<WithAddresses> {
  const wanted = publicsOf(record)
  if (wanted.length === 0 || !record.wish.exists) return { record, awaited: [] }
  const found = await work.store.readMany(
    'address',
    wanted.map(({ address }) => address),
  )
  const mine = found.filter((address) => address?.wish.holder?.compute === record.id) as AddressRecord[]
  const formers = await formersOf(work, record, mine)
  const holdersOf = (address: AddressRecord): readonly ComputeId[] =>
    address.wish.formers.filter((id) => id !== record.id && mayPublish(formers.get(id), ipOf(address)))
  const free = new Set(mine.filter((address) => holdersOf(address).length === 0).map(({ id }) => id))
  // One that was taken down stays linked and leads nowhere.
  const publics = wanted.filter((one) => free.has(one.address) && !one.down && canLeadTo(record, one))
  return { record: { ...record, wish: { ...record.wish, publics } }, awaited: mine.flatMap(holdersOf) }
}

/** One of a provider's leads nowhere else, should its machine have left there in the moment in which it was associated. */
const canLeadTo = ({ place }: ComputeRecord, { atProvider, pool }: PublicWish): boolean =>
  !atProvider || place.host === pool

async function formersOf(
  { store }: Work,
  { id: own }: ComputeRecord,
  addresses: readonly AddressRecord[],
): Promise<ReadonlyMap<ComputeId, ComputeRecord>> {
  const ids = [...new Set(addresses.flatMap(({ wish }) => wish.formers))].filter((id) => id !== own)
  const found = ids.length === 0 ? [] : await store.readMany('compute', ids)
  return new Map(found.flatMap((record) => (record ? [[record.id, record] as const] : [])))
}

/** When to come back, with addresses that others still have. */
export function comingBackForAddresses(work: Work, { awaited }: WithAddresses, next: Next): Next {
  if (awaited.length === 0 || next === 'forgotten') return next
  return { at: Math.min(next.at ?? Number.POSITIVE_INFINITY, work.clock.now() + FREE_MS) }
}
