/** Fetching a file piece by piece, for a while; then the job comes again for more. */
import { Readable } from 'node:stream'
import { fault } from '../../../src/faults'
import type { Upload } from '../../../src/images/image-store'
import type { ImportRecord } from '../../../src/model/image-records'
import { pieceOfFile } from '../../../src/model/pieces'
import type { Claim } from '../../../src/store/store'
import type { Work } from '../work'
import { roomNow } from './room'
import { write } from './write'

/** What is written at once: what a kill costs. More of a file that would have too many pieces. */
export const PIECE_BYTES = 8 * 1024 * 1024
/** What is asked for at once of a server that can send parts. */
const RANGE_BYTES = 64 * 1024 * 1024
/** A job fetches for so long, ms. */
const WHILE_MS = 10_000
/** The same once its time is over. */
const LEAST_BYTES = 1024 * 1024

/** 'all': nothing is missing any more. Faults: as the fetcher's and the image store's; 'too-large'. */
export async function fetchSlice(
  work: Work,
  claim: Claim<'imageimport'>,
  record: ImportRecord,
): Promise<'all' | { readonly at: number }> {
  const { wish, seen } = record
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
      // Who says that there is no more (416) need not say of what.
      if (got.at !== have || (have > 0 && etag !== null && !got.atEnd && got.etag !== etag)) {
        // Another file by now, or a server that cannot send parts.
        if (!(await write(work, claim, { state: 'fetching', bytes: 0 }, 'import-fetching'))) throw overtaken()
        await upload.discard()
        have = 0
        if (got.at !== 0) {
          etag = null
          continue
        }
      }
      etag = got.etag
      total = got.total
      const room = await openRoom(work, record, total ?? 0, have)
      const alive = async (bytes: number): Promise<boolean> => {
        await room.look(bytes)
        const now = { state: 'fetching', bytes, total, etag, failures: 0, message: null } as const
        return write(work, claim, now, 'import-fetching')
      }
      const before = have
      // Who can send parts goes on later, from where it was: others wait for their turn.
      const isOver = (): boolean => got.isPart && work.clock.now() - began >= WHILE_MS
      // Its time over, the last piece of a slow server takes no longer than a small one does.
      const piece = (): number => pieceOfFile(isOver() ? LEAST_BYTES : PIECE_BYTES, total ?? 0)
      have = await take(upload, have, got.body, { most: room.most, piece, isOver, alive })
      if (have === 0 && (!got.isPart || total === 0)) throw fault('invalid', 'the file is empty', { field: 'file' })
      if (total === null ? !got.isPart : have >= total) return 'all'
      if (have === before) throw fault('unreachable', `${new URL(url).host} sends nothing of the file`)
    } finally {
      got.stop()
    }
    if (work.clock.now() - began >= WHILE_MS) return { at: work.clock.now() }
  }
}

/** How many bytes the file may have: asked anew with each part, also of a server that sends all at once. Faults: 'too-large'. */
async function openRoom(work: Work, record: ImportRecord, total: number, from: number) {
  let [left, asked] = [0, from]
  const ask = async (bytes: number): Promise<void> => {
    left = await roomNow(work, record)
    asked = bytes
    if (bytes > left) throw tooLarge(left)
  }
  await ask(Math.max(total, from))
  asked = from
  return {
    most: (): number => left,
    look: async (bytes: number): Promise<void> => {
      if (bytes - asked >= RANGE_BYTES) await ask(bytes)
    },
  }
}

interface Taking {
  /** Bytes that the file may have by now. */
  most(): number
  /** Bytes that are written at once. */
  piece(): number
  /** Nothing more is taken, though more would come. */
  isOver(): boolean
  /** False: a newer claim came, or it was cancelled. */
  alive(bytes: number): Promise<boolean>
}

/** Adds a body in pieces, until it ends or its time is over; tells after each. Stops, as if it were broken off, once a newer claim came or it was cancelled. */
async function take(
  upload: Upload,
  from: number,
  body: AsyncIterable<Buffer>,
  { most, piece: size, isOver, alive }: Taking,
): Promise<number> {
  let have = from
  for await (const piece of inPieces(body, size)) {
    if (have + piece.length > most()) throw tooLarge(most())
    have = await upload.append(have, Readable.from([piece], { objectMode: false }))
    if (!(await alive(have))) throw overtaken()
    if (isOver()) return have
  }
  return have
}

async function* inPieces(body: AsyncIterable<Buffer>, size: () => number): AsyncGenerator<Buffer> {
  let waiting: Buffer[] = []
  let length = 0
  for await (const chunk of body) {
    waiting.push(chunk)
    length += chunk.length
    if (length < size()) continue
    yield Buffer.concat(waiting)
    waiting = []
    length = 0
  }
  if (length > 0) yield Buffer.concat(waiting)
}

const overtaken = () => fault('conflict', 'another job goes on with it', { reason: 'offset' })
const tooLarge = (most: number) => fault('too-large', `the file has more than the ${most} bytes that are left for it`)
