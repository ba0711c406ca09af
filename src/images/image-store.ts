/**
 * The site's image store: files named by their contents (SHA-256). A folder by default, an S3-compatible bucket by
 * configuration. Every process of the site sees the same store; a file, once there, never changes.
 *
 * Faults thrown: not-found (no such file), conflict (other contents than announced, or an upload at another place than asked),
 * unavailable (the store cannot be reached, or is full).
 */
import type { Readable } from 'node:stream'

export interface Stored {
  readonly sha256: string
  readonly bytes: number
  /** When it was last written, ms: writing the same contents again counts. */
  readonly writtenAt?: number
}

/** What no record names is removed once it was not written for so long, ms. */
export const UNNAMED_MS = 24 * 3_600_000

/** Whether a file that is there may be named without writing it once more: an older one may be on its way out at this moment. */
export const mayBeNamed = ({ writtenAt = Number.POSITIVE_INFINITY }: Stored, now: number): boolean =>
  now - writtenAt < UNNAMED_MS / 2

export interface ImageStore {
  /** No file has more: what is larger is refused before it is sent. */
  readonly mostBytes: number
  /** Undefined: it is not there. */
  stat(sha256: string): Promise<Stored | undefined>
  /** Its bytes from `from` on, up to `to` (exclusive; absent: its end). */
  read(sha256: string, range?: { readonly from: number; readonly to?: number }): Promise<Readable>
  /** Keeps all of a stream; the same contents again are kept once. `sha256`: refused ('conflict') if it turns out another. */
  write(bytes: Readable, expected?: { readonly sha256: string }): Promise<Stored>
  /** An upload in pieces under a name of the caller's (letters, digits, `.`, `_`, `-`), resumed by any process: what is there of it so far. */
  upload(name: string): Upload
  /** Gone already is done. */
  remove(sha256: string): Promise<void>
  list(): AsyncIterable<Stored>
  /** Notes that a site (letters, digits, hyphens) uses it; names of all that ever did, in order. */
  sites(mine: string): Promise<readonly string[]>
  /** Lets go of connections. */
  close(): void
}

export interface Upload {
  /** Bytes that are safely there. */
  size(): Promise<number>
  /** Adds at `at`, all or nothing; 'conflict' with the size there (detail.have) if that is not the end. Returns the new size. */
  append(at: number, bytes: Readable): Promise<number>
  /** Becomes a file of the store. Its pieces stay until they are discarded, by whoever has written down what became of them. */
  finish(expected?: { readonly sha256: string }): Promise<Stored>
  discard(): Promise<void>
}
