/**
 * User data may hold passwords and keys, so a record has it sealed under its own id. Whoever may show it to
 * its owner, or hands it to the guest, opens it here or with `unseal(ring, record.id, …)`.
 */
import type { ComputeId } from '../model/ids'
import type { ComputeRecord, SealedText } from '../model/records'
import { type KeyRing, seal, unseal } from '../store/sealed'

/** `userData` is canonical base64 (run/check-order.ts), null where there is none. */
export const sealUserData = (ring: KeyRing, id: ComputeId, userData: string | null): SealedText | null =>
  userData === null ? null : seal(ring, id, userData)

/** In base64; null where there is none. 'internal' when no key of the ring opens it. */
export const userDataOf = (ring: KeyRing, { id, wish }: ComputeRecord): string | null =>
  wish.userData === null ? null : unseal(ring, id, wish.userData)
