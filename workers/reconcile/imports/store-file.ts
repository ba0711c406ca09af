/** What came is checked, stored under its contents and looked at. */
import { createHash } from 'node:crypto'
import { fault } from '../../../src/faults'
import { digestIn } from '../../../src/images/checksums'
import type { Stored } from '../../../src/images/image-store'
import { HEAD_BYTES, lookAtFile } from '../../../src/images/look-at-file'
import type { Digest, ImportRecord } from '../../../src/model/image-records'
import type { ImageFile } from '../../../src/model/images'
import type { Claim } from '../../../src/store/store'
import type { Work } from '../work'
import { write } from './write'

const MOST_CHECKSUM_BYTES = 4 * 1024 * 1024

/** Undefined: a newer claim came, or it was cancelled. Faults: 'invalid', 'conflict' (reason `digest`), and the image store's. */
export async function storeFile(
  work: Work,
  claim: Claim<'imageimport'>,
  record: ImportRecord,
): Promise<ImageFile | undefined> {
  if (!(await write(work, claim, { state: 'storing' }, 'import-storing'))) return undefined
  const { wish } = record
  const digest = await digestOf(work, record)
  const expected = digest?.algorithm === 'sha256' ? { sha256: digest.hex } : undefined
  const stored = await finish(work, claim, record, expected)
  if (digest?.algorithm === 'sha512') await checkSha512(work, stored.sha256, digest.hex)
  const head: Buffer[] = []
  for await (const chunk of await work.images.read(stored.sha256, { from: 0, to: HEAD_BYTES })) head.push(chunk)
  return lookAtFile(wish.part, Buffer.concat(head), stored)
}

/**
 * Of what came, as often as it takes: the pieces stay until the record says what became of them. A file that is there by its checksum is no
 * proof that this one came: whoever but knew the checksum would have the file.
 */
async function finish(
  work: Work,
  claim: Claim<'imageimport'>,
  { id, wish, seen }: ImportRecord,
  expected: { readonly sha256: string } | undefined,
): Promise<Stored> {
  const upload = work.images.upload(id)
  const have = await upload.size()
  const total = (await work.store.read('imageimport', id))?.seen.total ?? seen.total
  const announced = wish.source.from === 'upload' ? wish.source.bytes : total
  if (announced === null ? have > 0 : have === announced) return upload.finish(expected)
  if (wish.source.from === 'upload')
    throw fault('invalid', `${have} bytes came of the ${announced} that were announced`)
  await write(work, claim, { state: 'fetching' }, 'import-fetching')
  throw fault('unreachable', 'not all of the file is there; it is fetched anew')
}

async function digestOf(work: Work, { wish }: ImportRecord): Promise<Digest | null> {
  if (wish.digest !== null || wish.source.from !== 'url' || wish.source.checksums === undefined) return wish.digest
  const { checksums, url, reach } = wish.source
  const got = await work.fetcher.fetch({ url: checksums.url, reach, from: 0 })
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of got.body) {
    bytes += chunk.length
    if (bytes > MOST_CHECKSUM_BYTES) {
      got.stop()
      throw fault('invalid', 'what should be the checksums is too large to be that')
    }
    chunks.push(chunk)
  }
  const name = new URL(url).pathname.split('/').at(-1) ?? ''
  return digestIn(Buffer.concat(chunks).toString('utf8'), name, checksums.algorithm)
}

async function checkSha512(work: Work, sha256: string, wanted: string): Promise<void> {
  const hash = createHash('sha512')
  for await (const chunk of await work.images.read(sha256)) hash.update(chunk)
  const found = hash.digest('hex')
  if (found !== wanted)
    throw fault('conflict', `the SHA-512 is ${found}, not ${wanted} as its vendor says`, { reason: 'digest' })
}
