/** Fetching a file piece by piece, for a while; then the job comes again for more. */
import { Readable } from 'node:stream'
import { fault } from '../../../src/faults'
import type { Upload } from '../../../src/images/image-store'
import type { ImportRecord } from '../../../src/model/image-records'
import type { Claim } from '../../../src/store/store'
import type { Work } from '../work'
import { write } from './write'

/** What is written at once: what a kill costs. */
export const PIECE_BYTES = 8 * 1024 * 1024
/** What is asked for at once of a server that can send parts. */
const RANGE_BYTES = 64 * 1024 * 1024
/** A job fetches for so long, ms. */
const WHILE_MS = 10_000

/** 'all': nothing is missing any more. Faults: as the fetcher's and the image store's; 'too-large'. */
export async function fetchSlice(
  work: Work,
  claim: Claim<'imageimport'>,
  { wish, seen }: ImportRecord,
): Promise<'all' | { readonly at: number }> {
  if (wish.source.from !== 'url') throw fault('internal', 'an upload is not fetched')
  const { url, reach } = wish.source
  const upload = work.images.upload(claim.ref.id)
  const began = work.clock.now()
  let { etag, total } = seen
  let have = await upload.size()
  for (;;) {
    if (total !== null && have >= total && have > 0) return 'all'
    const got = await work.fetcher.fetch({ url, reach, from: have, to: have + RANGE_BYTES, etag })
    try {
      if (got.at !== have || (have > 0 && etag !== null && got.etag !== etag)) {
        // Another file by now, or a server that cannot send parts.
        await upload.discard()
        have = 0
        if (got.at !== 0) {
          etag = null
          continue
        }
      }
      etag = got.etag
      total = got.total
      if ((total ?? 0) > wish.mostBytes) throw tooLarge(wish.mostBytes)
      const alive = (bytes: number) =>
        write(work, claim, { state: 'fetching', bytes, total, etag, failures: 0, message: null }, 'import-fetching')
      const before = have
      have = await take(upload, have, got.body, wish.mostBytes, alive)
      const isWhole = total === null || have >= total
      if (isWhole && (have > before || got.atEnd || total !== null)) return 'all'
    } finally {
      got.stop()
    }
    if (work.clock.now() - began >= WHILE_MS) return { at: work.clock.now() }
  }
}

/** Adds all of a body in pieces; tells after each. Stops, as if it were broken off, once a newer claim came. */
async function take(
  upload: Upload,
  from: number,
  body: AsyncIterable<Buffer>,
  most: number,
  alive: (bytes: number) => Promise<boolean>,
): Promise<number> {
  let have = from
  for await (const piece of inPieces(body, PIECE_BYTES)) {
    if (have + piece.length > most) throw tooLarge(most)
    have = await upload.append(have, Readable.from([piece], { objectMode: false }))
    if (!(await alive(have))) throw fault('conflict', 'another worker goes on with it', { reason: 'offset' })
  }
  return have
}

async function* inPieces(body: AsyncIterable<Buffer>, size: number): AsyncGenerator<Buffer> {
  let waiting: Buffer[] = []
  let length = 0
  for await (const chunk of body) {
    waiting.push(chunk)
    length += chunk.length
    if (length < size) continue
    yield Buffer.concat(waiting)
    waiting = []
    length = 0
  }
  if (length > 0) yield Buffer.concat(waiting)
}

const tooLarge = (most: number) => fault('too-large', `the file has more than the ${most} bytes that are left for it`)
