/**
 * The image store over blobs, the same for a folder and a bucket. Files lie under `files/<sha256>`; the pieces of an upload
 * under `uploads/<name>/<offset>`, each whole or not there, so that any process may go on with one whose writer was killed, and
 * of two that add at the same place one wins. Finishing reads the pieces once more: nothing is taken on trust. Under `sites/<name>` is
 * who uses it.
 */
import { createHash, type Hash } from 'node:crypto'
import { Readable } from 'node:stream'
import { fault } from '../faults'
import { SHA256 } from '../model/images'
import type { Blobs } from './blobs'
import type { ImageStore, Stored, Upload } from './image-store'

const FILES = 'files/'
const SITES = 'sites/'
const UPLOAD = /^[A-Za-z0-9._-]{1,100}$/
const DIGITS = 16

const keyOf = (sha256: string): string => {
  if (SHA256.test(sha256)) return FILES + sha256
  throw fault('invalid', 'a file of the image store is named by 64 hex digits', { field: 'sha256' })
}

const missing = (sha256: string) => fault('not-found', `the image store has no file ${sha256}`)

export function storeOfBlobs(blobs: Blobs): ImageStore {
  const keep = async (
    bytes: AsyncIterable<Buffer>,
    expected?: { readonly sha256: string },
    size?: number,
  ): Promise<Stored> => {
    if (expected !== undefined) keyOf(expected.sha256)
    const counted = counting(bytes)
    await blobs.put(counted.stream, () => keyOf(verified(counted.digest(), expected?.sha256)), 'replace', size)
    return { sha256: counted.digest(), bytes: counted.bytes() }
  }
  return {
    mostBytes: blobs.mostBytes,
    async stat(sha256) {
      const found = await blobs.stat(keyOf(sha256))
      return found && { sha256, bytes: found.bytes, writtenAt: found.writtenAt }
    },
    async read(sha256, range = { from: 0 }) {
      const found = await blobs.read(keyOf(sha256), range)
      if (found) return found
      throw missing(sha256)
    },
    write: (bytes, expected) => keep(bytes, expected),
    upload: (name) => uploadOf(blobs, name, keep),
    remove: (sha256) => blobs.remove(keyOf(sha256)),
    async *list() {
      for await (const { key, bytes, writtenAt } of blobs.list(FILES)) {
        const sha256 = key.slice(FILES.length)
        if (SHA256.test(sha256)) yield { sha256, bytes, writtenAt }
      }
    },
    async sites(mine) {
      const key = SITES + mine
      if (!(await blobs.stat(key)))
        await blobs.put(Readable.from([Buffer.from(`${mine}\n`)]), () => key, 'unless-there')
      const names: string[] = []
      for await (const site of blobs.list(SITES)) names.push(site.key.slice(SITES.length))
      return names
    },
    close: () => blobs.close(),
  }
}

function verified(sha256: string, expected: string | undefined): string {
  if (expected === undefined || expected === sha256) return sha256
  throw fault('conflict', `the SHA-256 is ${sha256}, not ${expected} as was announced`, { reason: 'digest' })
}

/** Counts and hashes what flows through. */
function counting(bytes: AsyncIterable<Buffer>) {
  const hash: Hash = createHash('sha256')
  let count = 0
  let digest: string | undefined
  async function* through() {
    for await (const chunk of bytes) {
      hash.update(chunk)
      count += chunk.length
      yield chunk
    }
  }
  return {
    stream: Readable.from(through(), { objectMode: false }),
    bytes: () => count,
    digest: () => {
      digest ??= hash.digest('hex')
      return digest
    },
  }
}

interface Piece {
  readonly key: string
  readonly from: number
  readonly bytes: number
}

function uploadOf(
  blobs: Blobs,
  name: string,
  keep: (
    bytes: AsyncIterable<Buffer>,
    expected: { readonly sha256: string } | undefined,
    size: number,
  ) => Promise<Stored>,
): Upload {
  if (!UPLOAD.test(name)) throw fault('invalid', 'an upload has a name of letters, digits, dots and hyphens')
  const prefix = `uploads/${name}/`
  const pieces = async (): Promise<readonly Piece[]> => {
    const found: Piece[] = []
    let end = 0
    for await (const { key, bytes } of blobs.list(prefix)) {
      const from = Number(key.slice(prefix.length))
      // What another writer began within a piece is no part of it; nor is what lies behind a gap: that will be written anew.
      if (from < end) continue
      if (from > end) break
      found.push({ key, from: end, bytes })
      end += bytes
    }
    return found
  }
  const size = async (): Promise<number> => sizeOf(await pieces())
  return {
    size,
    async append(at, bytes) {
      const have = await size()
      if (have !== at) throw elsewhere(have)
      const counted = counting(bytes)
      const key = prefix + String(at).padStart(DIGITS, '0')
      const kept = await blobs.put(counted.stream, () => (counted.bytes() === 0 ? '' : key), 'unless-there')
      if (kept || counted.bytes() === 0) return at + counted.bytes()
      throw elsewhere(await size())
    },
    async finish(expected) {
      const whole = await pieces()
      return keep(joined(blobs, whole), expected, sizeOf(whole))
    },
    discard: () => discard(blobs, prefix),
  }
}

const sizeOf = (pieces: readonly Piece[]): number => pieces.reduce((sum, { bytes }) => sum + bytes, 0)

const elsewhere = (have: number) =>
  fault('conflict', `the upload has ${have} bytes so far; go on from there`, { reason: 'offset', have })

async function* joined(blobs: Blobs, pieces: readonly Piece[]): AsyncGenerator<Buffer> {
  for (const { key } of pieces) {
    const stream = await blobs.read(key, { from: 0 })
    if (!stream) throw fault('conflict', 'the upload was dropped while it was finished', { reason: 'offset', have: 0 })
    yield* stream
  }
}

/** From its end: an upload that is dropped half is a shorter one. */
async function discard(blobs: Blobs, prefix: string): Promise<void> {
  const keys: string[] = []
  for await (const { key } of blobs.list(prefix)) keys.push(key)
  for (const key of keys.reverse()) await blobs.remove(key)
}
