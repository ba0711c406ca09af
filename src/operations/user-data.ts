/**
 * User data may hold passwords and keys, so a record has it sealed under its own id. Whoever may show it to
 * its owner, or hands it to the guest, opens it here or with `unseal(ring, record.id, …)`.
 */
import type { ComputeId } from '../model/ids'
import type { BurstOrder } from '../model/providers/template'
import type { ComputeRecord, ComputeWish, SealedText } from '../model/records'
import { type KeyRing, seal, unseal } from '../store/sealed'
import { canonicalUserData } from './run/check-order'

/** `userData` is canonical base64 (run/check-order.ts), null where there is none. */
export const sealUserData = (ring: KeyRing, id: ComputeId, userData: string | null): SealedText | null =>
  userData === null ? null : seal(ring, id, userData)

/** In base64; null where there is none. 'internal' when no key of the ring opens it. */
export const userDataOf = (ring: KeyRing, { id, wish }: ComputeRecord): string | null =>
  wish.userData === null ? null : unseal(ring, id, wish.userData)

/** What is kept of what an order says of providers: the user data in it is sealed too. */
export function burstOf(order: BurstOrder | undefined, ring: KeyRing, id: ComputeId): Pick<ComputeWish, 'burst'> {
  if (order === undefined) return {}
  const { userData, ...rest } = order
  const sealed = Object.entries(userData ?? {}).flatMap(([kind, text]) => {
    const canonical = canonicalUserData(text)
    return canonical === null ? [] : [[kind, seal(ring, id, canonical)] as const]
  })
  return { burst: { ...rest, ...(sealed.length === 0 ? {} : { userData: Object.fromEntries(sealed) }) } }
}
