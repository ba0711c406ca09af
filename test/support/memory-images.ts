/** An image store in memory, with what tests want to see and break. */
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { fault } from '../../src/faults'
import type { ImageStore, Stored } from '../../src/images/image-store'
import { sha256 } from './digest'

export interface MemoryImages extends ImageStore {
  readonly files: Map<string, Buffer>
  readonly uploads: Map<string, Buffer>
  /** As a bucket limits it. */
  mostBytes: number
  /** Bytes given out. */
  given: number
  /** What is given out for a file in the place of its bytes. */
  spoil: (piece: Buffer) => Buffer
}

export function openMemoryImages(): MemoryImages {
  const files = new Map<string, Buffer>()
  const uploads = new Map<string, Buffer>()
  const sites = new Set<string>()
  /** Where the bytes of each lie, with room for more: a GiB in small pieces is not copied with every piece. */
  const rooms = new Map<string, Buffer>()
  const grown = (name: string, have: Buffer, more: Buffer): Buffer => {
    const total = have.length + more.length
    const room = rooms.get(name)
    const isIn = room !== undefined && have.buffer === room.buffer && have.byteOffset === room.byteOffset
    const next = isIn && room.length >= total ? room : Buffer.alloc(2 * total)
    if (next !== room) have.copy(next)
    more.copy(next, have.length)
    rooms.set(name, next)
    return next.subarray(0, total)
  }
  const keep = (bytes: Buffer, expected?: { readonly sha256: string }): Stored => {
    const sum = sha256(bytes)
    if (expected && expected.sha256 !== sum) throw fault('conflict', 'other contents than announced')
    files.set(sum, bytes)
    return { sha256: sum, bytes: bytes.length }
  }
  const store: MemoryImages = {
    mostBytes: Number.POSITIVE_INFINITY,
    files,
    uploads,
    given: 0,
    spoil: (piece) => piece,
    async stat(sum) {
      const file = files.get(sum)
      return file && { sha256: sum, bytes: file.length }
    },
    async read(sum, range = { from: 0 }) {
      const file = files.get(sum)
      if (!file) throw fault('not-found', `no file ${sum}`)
      const piece = file.subarray(range.from, range.to)
      store.given += piece.length
      return Readable.from([store.spoil(piece)])
    },
    write: async (bytes, expected) => keep(await buffer(bytes), expected),
    upload: (name) => ({
      size: async () => uploads.get(name)?.length ?? 0,
      async append(at, bytes) {
        const more = await buffer(bytes)
        const have = uploads.get(name) ?? Buffer.alloc(0)
        if (have.length !== at) throw fault('conflict', `it has ${have.length} bytes`)
        uploads.set(name, grown(name, have, more))
        return at + more.length
      },
      finish: async (expected) => keep(uploads.get(name) ?? Buffer.alloc(0), expected),
      async discard() {
        uploads.delete(name)
        rooms.delete(name)
      },
    }),
    remove: async (sum) => void files.delete(sum),
    async sites(mine) {
      sites.add(mine)
      return [...sites].sort()
    },
    close: () => undefined,
    async *list() {
      for (const [sum, bytes] of files) yield { sha256: sum, bytes: bytes.length }
    },
  }
  return store
}
