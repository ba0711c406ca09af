/** Taking an address down, so that it leads to its machine no more though it stays linked to it, and up again (OCCI ipreservation). */
import { fault } from '../../faults'
import { publicsOf } from '../../model/public-addresses'
import { type AddressRecord, type AddressWish, isAddressUp } from '../../model/records'
import { attemptOne, type Propose } from '../attempt'
import type { Caller, Context } from '../context'
import { addressUpdate, publicsUpdate } from './associate'
import type { AddressView, LevelOrder } from './operations'
import { ownAddress, viewOf } from './read'

/** Faults: 'not-found', 'state' for one that has that level already, 'conflict', 'unavailable'. */
export const levelAddress = (context: Context, caller: Caller, order: LevelOrder): Promise<AddressView> =>
  attemptOne(context, caller.actor, 'level-address', levelling(caller, order))

/** The decision by itself. */
export const levelling =
  (caller: Caller, { address: id, up }: LevelOrder): Propose<AddressView> =>
  async ({ mirror }) => {
    await mirror.fresh(caller.project)
    const record = ownAddress(mirror, caller, id)
    if (isAddressUp(record.wish) === up) throw sameLevel(record, up)
    const { down: _before, ...kept } = record.wish
    const wish: AddressWish = { ...kept, ...(up ? {} : { down: true }) }
    const { holder } = wish
    const compute = holder === null ? undefined : mirror.get('compute', holder.compute)
    const machine = compute?.wish.exists
      ? [
          publicsUpdate(
            compute,
            publicsOf(compute).map(({ down, ...one }) => {
              if (one.address !== id) return down ? { ...one, down } : one
              return up ? one : { ...one, down: true }
            }),
          ),
        ]
      : []
    return {
      value: viewOf(mirror, { ...record, wish }),
      change: { updates: [{ ...addressUpdate(record, {}), wish }, ...machine] },
    }
  }

const sameLevel = ({ id }: AddressRecord, up: boolean) =>
  fault('state', `the reservation ${id} is ${up ? 'up' : 'down'} already`, {
    subject: { kind: 'address', id },
    allowed: [up ? 'down' : 'up'],
  })
