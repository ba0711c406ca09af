/** Giving an address back to its pool (EC2 ReleaseAddress; OCCI DELETE of an ipreservation). */
import { fault } from '../../faults'
import { useOfAddress } from '../../model/accounts'
import type { AddressId } from '../../model/ids'
import { ipOf } from '../../model/provider-addresses'
import { addressState, remainingFormers } from '../../model/public-addresses'
import type { AddressRecord } from '../../model/records'
import type { Change, Mirror } from '../../store/store'
import { attemptOne, type Propose } from '../attempt'
import type { Caller, Context } from '../context'
import { addressUpdate } from './associate'
import type { AddressOperations } from './operations'
import { ownAddress } from './read'

/** Who takes an address from its machine gives it back in the next call: the machine lets go of it within a moment. */
const LET_GO_WAIT_MS = 5_000

/** Faults: 'not-found', 'in-use' naming the machine, 'conflict', 'unavailable'. */
export async function releaseAddress(
  context: Context,
  caller: Caller,
  { address: id, dryRun }: Parameters<AddressOperations['releaseAddress']>[1],
): Promise<void> {
  await context.mirror.fresh(caller.project)
  refuseHeld(ownAddress(context.mirror, caller, id))
  if (!dryRun) await letGo(context.mirror, id)
  return attemptOne(context, caller.actor, 'release-address', releasing(caller, id, dryRun ? 'asked only' : 'done'))
}

/** The decision by itself. Before it, `letGo`. */
export const releasing =
  (caller: Caller, id: AddressId, how: 'done' | 'asked only' = 'done'): Propose<void> =>
  async ({ clock, mirror }) => {
    await mirror.fresh(caller.project)
    const record = ownAddress(mirror, caller, id)
    refuseHeld(record)
    refuseRemaining(mirror, record)
    if (how === 'asked only') return { change: undefined, value: undefined }
    return { change: released(record, clock.now()), value: undefined }
  }

/** One at a provider goes once its job has given it back there; until then its project has it, and nobody shows it. */
export const released = (
  record: AddressRecord,
  now: number,
): Pick<Change, 'updates'> | ReturnType<typeof addressRemoval> =>
  record.wish.atProvider
    ? { updates: [{ ...addressUpdate(record, { releasedAt: now }), wake: true }] }
    : addressRemoval(record, now)

const inUse = ({ id }: AddressRecord, message: string) => fault('in-use', message, { subject: { kind: 'address', id } })

function refuseHeld(record: AddressRecord): void {
  const { holder } = record.wish
  if (holder !== null)
    throw inUse(record, `Address ${ipOf(record)} is in use: it leads to ${holder.computeName}; disassociate it first`)
}

/** What a machine may still have is leased to nobody else. */
function refuseRemaining(mirror: Mirror, record: AddressRecord): void {
  const [former] = remainingFormers(record, (id) => mirror.get('compute', id))
  if (former === undefined) return
  const name = mirror.get('compute', former)?.wish.name ?? former
  throw inUse(record, `Address ${ipOf(record)} is in use: ${name} has not let go of it yet; try again`)
}

/** Resolves once no machine may have it, or after a while. */
export function letGo(mirror: Mirror, id: string): Promise<void> {
  const isFree = (): boolean => {
    const record = mirror.get('address', id)
    return record === undefined || addressState(record, (one) => mirror.get('compute', one)) !== 'disassociating'
  }
  if (isFree()) return Promise.resolve()
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer)
      stop()
      resolve()
    }
    const timer = setTimeout(end, LET_GO_WAIT_MS)
    const stop = mirror.onEvent(() => {
      if (isFree()) end()
    })
  })
}

/** What removes an address with its name and its lease; it is counted until then. */
export function addressRemoval(record: AddressRecord, now: number) {
  const { id, project, generation, wish } = record
  const counters: Change['counters'] = project === null ? [] : [{ project, name: 'addresses', by: -1 }]
  return {
    removals: [{ ref: { kind: 'address', id } as const, project, generation }],
    releases: [
      { hash: 'names', field: wish.name },
      { hash: `leases:${wish.pool}`, field: wish.ip },
    ],
    counters,
    used: [useOfAddress(record, now)],
  }
}
