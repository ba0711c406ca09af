/**
 * Files sent in pieces. Which bytes are there, the image store alone knows: any gateway takes the next piece, and a piece that was
 * cut off is sent again. The piece that makes the file whole also writes the wish to have it stored.
 */
import { Readable } from 'node:stream'
import { asFault, fault } from '../../faults'
import type { ImportId } from '../../model/ids'
import { leastPiece } from '../../model/pieces'
import { hasEnded, type ImportRecord } from '../../model/records'
import { attempt } from '../attempt'
import type { Caller, Context, Operator } from '../context'
import { isCaller } from './quota'
import { ownImport } from './view'

/**
 * Bytes that are safely there. All of them came, and nobody could write that down then: that is made up for, or its sender, who has nothing more
 * to send, would wait for ever. Faults: 'not-found', 'state', 'unavailable'.
 */
export async function uploadedBytes(context: Context, who: Caller | Operator, id: ImportId): Promise<number> {
  const record = await read(context, who, id)
  const { source, complete } = record.wish
  if (source.from !== 'upload') throw notSent(record)
  if (complete) return source.bytes
  const have = await context.images.upload(id).size()
  if (have === source.bytes && !hasEnded(record) && mayComplete(who)) await finish(context, who, id)
  return have
}

const mayComplete = (who: Caller | Operator): boolean => !isCaller(who) || who.access !== 'read-only'

/** Faults: 'not-found', 'state', 'invalid' (too small a piece), 'too-large', 'conflict' (reason `offset`, with what is there), 'unavailable'. */
export async function appendUpload(
  context: Context,
  who: Caller | Operator,
  id: ImportId,
  { at, bytes }: { readonly at: number; readonly bytes: AsyncIterable<Buffer> },
): Promise<{ readonly have: number; readonly complete: boolean }> {
  const record = await read(context, who, id)
  const { source, complete } = record.wish
  if (source.from !== 'upload') throw notSent(record)
  if (complete) throw fault('conflict', 'all of this upload is there already', { reason: 'offset', have: source.bytes })
  if (hasEnded(record)) throw fault('state', record.seen.message ?? 'this upload has ended')
  const limited = Readable.from(pieceOf(source.bytes, at, bytes), { objectMode: false })
  const have = await context.images
    .upload(id)
    .append(at, limited)
    .catch(async (thrown: unknown) => {
      if (asFault(thrown).detail.have === source.bytes) await finish(context, who, id)
      throw thrown
    })
  if (have < source.bytes) return { have, complete: false }
  await finish(context, who, id)
  return { have, complete: true }
}

/** The bytes of a piece of a file of so many: no more than there are left, and not too few unless they are the last. */
async function* pieceOf(all: number, at: number, bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let left = all - at
  for await (const chunk of bytes) {
    left -= chunk.length
    if (left < 0) throw fault('too-large', 'this is more than was announced of the file', { field: 'bytes' })
    yield chunk
  }
  const [sent, least] = [all - at - left, leastPiece(all)]
  if (left > 0 && sent > 0 && sent < least)
    throw fault('invalid', `a piece of this file has at least ${least} bytes, but for the last one`, { field: 'bytes' })
}

async function read({ mirror }: Context, who: Caller | Operator, id: ImportId): Promise<ImportRecord> {
  await mirror.fresh(...(isCaller(who) ? [who.project] : []))
  return ownImport(mirror, who, id)
}

const notSent = ({ id }: ImportRecord) =>
  fault('state', 'this file is fetched from its address; it cannot be sent', { subject: { kind: 'imageimport', id } })

const finish = (context: Context, who: Caller | Operator, id: ImportId): Promise<void> =>
  attempt(context, who.actor, 'upload-complete', async () => {
    const record = await context.store.read('imageimport', id)
    if (!record || record.wish.complete || !record.wish.exists) return { change: undefined, value: undefined }
    const { project, generation } = record
    const wish = { ...record.wish, complete: true }
    const ref = { kind: 'imageimport', id } as const
    return {
      value: undefined,
      change: { updates: [{ ref, project, generation, wish, raisePhase: false, wake: true }] },
    }
  })
