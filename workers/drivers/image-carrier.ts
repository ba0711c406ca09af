/**
 * Bringing the file of an image to a provider, in pieces. Providers have no guard: a worker that wakes up late may write a piece once more. It is
 * the same piece at the same place of the same object, so it changes nothing; which object it is the record says before the first piece.
 *
 * Faults: those of drivers. What is refused stays refused; all else is tried again.
 */
import type { HostTarget } from './driver'

/** A file on its way. */
export interface Parcel {
  /** `ami-…`: what is made there is known by it. */
  readonly image: string
  readonly bytes: number
  readonly sha256: string
}

export interface ImageCarrier {
  /** The object that is to hold it, found by our mark or made; `bytes` of it are known to be there: all or none. */
  begin(host: HostTarget, parcel: Parcel): Promise<{ readonly object: string; readonly bytes: number }>
  /** Bytes that one call of `put` takes. */
  readonly pieceBytes: number
  /** Writes a piece at its place. 'not-found': the object is there no more. */
  put(host: HostTarget, object: string, at: number, piece: Buffer): Promise<void>
  /** All of it is there: whoever looks for it next finds it whole. Returns what the provider calls it. */
  finish(host: HostTarget, object: string, parcel: Parcel): Promise<string>
  /** Removes what bears the image's mark, but for one object. Gone already is done. */
  tidy(host: HostTarget, image: string, keep: string | null): Promise<void>
}
