/** What an image store stands on: whole blobs under keys, each there completely or not at all. */
import type { Readable } from 'node:stream'

export interface Blob {
  /** `files/…`, `uploads/<name>/…`, `sites/…` */
  readonly key: string
  readonly bytes: number
  readonly writtenAt: number
}

/** What was begun so long ago, and is not whole, is nobody's any more: no writer takes so long. */
export const LEFT_OVER_MS = 24 * 3_600_000

export interface Blobs {
  /** No blob has more. */
  readonly mostBytes: number
  stat(key: string): Promise<Blob | undefined>
  /** Undefined: it is not there. */
  read(key: string, range: { readonly from: number; readonly to?: number }): Promise<Readable | undefined>
  /**
   * All of the stream, on disk or acknowledged when this resolves. `name` is asked when all has been read, and may throw: then
   * nothing is kept. `unlessThere`: false when the key is taken (its blob stays), else what is there is replaced. `size`: of the stream, where
   * it is known; a bucket has no room for large ones otherwise. Faults: 'too-large'.
   */
  put(bytes: Readable, name: () => string, how: 'replace' | 'unless-there', size?: number): Promise<boolean>
  /** In order of keys. */
  list(prefix: string): AsyncIterable<Blob>
  /** Gone already is done. */
  remove(key: string): Promise<void>
  close(): void
}
