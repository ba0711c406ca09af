/**
 * Leasing one public address (EC2 AllocateAddress), which is to be told at once. What a provider says is waited for; an address that it
 * refuses, or of which it says nothing in time, is given back, so that nobody pays for one that he never heard of.
 */
import { fault } from '../../faults'
import type { AddressId } from '../../model/ids'
import { isLeased } from '../../model/provider-addresses'
import type { AddressRecord } from '../../model/records'
import { attemptOne } from '../attempt'
import type { Caller, Context } from '../context'
import { allocating } from './allocate'
import type { AddressView, AllocateOrder } from './operations'
import { viewOf } from './read'
import { releasing } from './release'

/** How long a provider has to say which address it is, ms. */
const SAID_MS = 10_000

/**
 * Faults: 'invalid', 'unsupported', 'not-found' (pool, ip), 'in-use' (ip), 'no-capacity', 'quota', 'exists', 'forbidden', 'unavailable'.
 * `waitMs`: how long a provider is waited for.
 */
export async function allocateAddress(
  context: Context,
  caller: Caller,
  order: AllocateOrder,
  waitMs: number = SAID_MS,
): Promise<AddressView> {
  const view = await attemptOne(context, caller.actor, 'allocate-address', allocating(caller, order))
  if (!view.record.wish.atProvider || order.dryRun) return view
  const { id } = view.record
  const record = await saidOf(context, caller, id, waitMs)
  const isOurs = record !== undefined && isLeased(record)
  if (isOurs && record.seen !== null) return viewOf(context.mirror, record)
  if (isOurs) await attemptOne(context, caller.actor, 'release-address', releasing(caller, id))
  if (!record?.journal?.trouble || !isRefused(record.journal))
    throw fault('unavailable', 'its provider did not say in time which address it is; none was leased')
  throw fault('no-capacity', `no public address can be had there now: ${record.journal.trouble.message}`, {
    subject: { kind: 'address', id: '' },
  })
}

/** The record once its provider has said something of it, or as it is after a while; undefined: it was given back meanwhile. */
async function saidOf(
  { mirror }: Context,
  { project }: Caller,
  id: AddressId,
  waitMs: number,
): Promise<AddressRecord | undefined> {
  await mirror.fresh(project)
  const read = (): AddressRecord | undefined => mirror.get('address', id)
  if (isSaid(read())) return read()
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer)
      stop()
      resolve(read())
    }
    const timer = setTimeout(end, waitMs)
    const stop = mirror.onEvent(() => {
      if (isSaid(read())) end()
    })
  })
}

const isSaid = (record: AddressRecord | undefined): boolean =>
  record === undefined || record.seen !== null || isRefused(record.journal)

const isRefused = (journal: AddressRecord['journal']): boolean =>
  journal?.trouble?.kind === 'refused' || journal?.trouble?.kind === 'no-room'
