/**
 * A snapshot: first a consistent copy on the host (detached, under the intent's key), then its bytes in pieces into an upload of
 * the image store, which any worker continues where it ends. The host's copy stays until it is removed like a disk: what was
 * pulled is written down first.
 */
import { Readable } from 'node:stream'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { asFault, fault } from '../../../src/faults'
import { type ImageStore, mayBeNamed } from '../../../src/images/image-store'
import type { ImageFile } from '../../../src/model/images'
import { leastPiece } from '../../../src/model/pieces'
import type { Effect, EffectTicket, HostTarget } from '../driver'
import type { GuardedHost } from '../guard/guarded-host'
import { gibOf, parseSnapshotCopy, type SnapshotCopy } from './parse'

export interface PullOptions {
  readonly guarded: GuardedHost
  readonly images: ImageStore
  /** Of one piece, bytes, whole MiB; default 8 MiB: each is a call to the host, and a disk has many. */
  readonly pieceBytes?: number
  readonly pushMs?: number
}

const MIB = 1024 ** 2
const PIECE_BYTES = 8 * MIB
/** What comes in the patience of one call over a slow line, and is held in memory. */
const MOST_PIECE_BYTES = 64 * MIB
const PULL_MS = 3_000
const OTHERS_MS = 1_000
const NEXT_MS = 20
const COPYING_MS = 300

const unzip = promisify(gunzip)
const running = (percent: number, lookAgainMs: number) => ({ state: 'running', percent, lookAgainMs }) as const

/** One call's part of it. Faults: stale, busy, refused, unreachable, timeout. */
export async function takeSnapshot(
  options: PullOptions,
  host: HostTarget,
  ticket: EffectTicket,
  disk: string,
  snapshot: string,
): Promise<Effect<ImageFile>> {
  const copied = await options.guarded.effect(host, ticket, 'disk_snapshot', [disk, snapshot], {
    detached: true,
    lookAgainMs: COPYING_MS,
  })
  if (copied.state === 'running') return { ...copied, percent: Math.floor(copied.percent / 2) }
  const copy = parseSnapshotCopy(copied.value)
  try {
    return await pull(options, host, ticket, snapshot, copy)
  } catch (thrown) {
    const { kind } = asFault(thrown)
    // Another worker looks at it or appends to it: it goes on.
    if (kind === 'stale' || kind === 'busy' || kind === 'conflict') return running(50, OTHERS_MS)
    if (kind === 'unavailable') throw fault('unreachable', 'the image store does not answer', { cause: thrown })
    throw thrown
  }
}

/** Of a large disk larger pieces are pulled: the image store lists all that are there before it adds one. Whole MiB. */
export const pulledPiece = (pieceBytes: number, diskBytes: number): number =>
  Math.max(pieceBytes, Math.min(MOST_PIECE_BYTES, Math.ceil(leastPiece(diskBytes) / MIB) * MIB))

async function pull(
  { guarded, images, pieceBytes = PIECE_BYTES, pushMs = PULL_MS }: PullOptions,
  host: HostTarget,
  ticket: EffectTicket,
  snapshot: string,
  copy: SnapshotCopy,
): Promise<Effect<ImageFile>> {
  const upload = images.upload(snapshot)
  // It would be refused once all of it has come, and again at every try.
  if (copy.bytes > images.mostBytes)
    throw fault('unsupported', `the image store keeps no file of more than ${gibOf(images.mostBytes)} GiB`)
  if (await isKept(images, copy)) {
    await upload.discard()
    return { state: 'done', value: fileOf(copy) }
  }
  const size = pulledPiece(pieceBytes, copy.bytes)
  const until = performance.now() + pushMs
  let at = await upload.size()
  while (at < copy.bytes) {
    const from = at - (at % MIB)
    const to = Math.min(from + size, copy.bytes)
    const seen = await guarded.look(
      host,
      { resource: snapshot, epoch: ticket.epoch },
      'snapshot_piece',
      [snapshot, String(from), String(to - from)],
      { maxBytes: 2 * size, deadlineMs: 45_000 },
    )
    const { zeros, piece } = await pieceOf(seen.payload, size)
    const came = Math.min(zeros + piece.length, copy.bytes - from)
    if (from + came <= at) throw fault('unreachable', 'a piece of the snapshot came short')
    at = await upload.append(at, Readable.from(bytesOf(zeros, piece, at - from, came)))
    if (performance.now() >= until && at < copy.bytes) return running(50 + Math.floor((at * 49) / copy.bytes), NEXT_MS)
  }
  try {
    await upload.finish({ sha256: copy.sha256 })
  } catch (thrown) {
    if (asFault(thrown).kind !== 'conflict') throw thrown
    // Another worker finished it, or what came is not what the host has: then all of it is pulled again.
    if (await isKept(images, copy)) return { state: 'done', value: fileOf(copy) }
    await upload.discard()
    throw fault('refused', 'the snapshot came with other contents than its checksum says; it is pulled again')
  }
  // Found by its checksum from now on.
  await upload.discard()
  return { state: 'done', value: fileOf(copy) }
}

/** The same contents are there, and not about to be swept away before the snapshot's record names them. */
async function isKept(images: ImageStore, { sha256 }: SnapshotCopy): Promise<boolean> {
  const there = await images.stat(sha256)
  return there !== undefined && mayBeNamed(there, Date.now())
}

/** `zeros BYTES`, a line, and the compressed piece behind them, if any (host/50-snapshots.sh). */
async function pieceOf(payload: Buffer, most: number): Promise<{ readonly zeros: number; readonly piece: Buffer }> {
  const end = payload.indexOf('\n')
  const [, zeros] = /^zeros (\d{1,15})$/.exec(payload.subarray(0, Math.max(0, end)).toString('latin1')) ?? []
  if (zeros === undefined) throw fault('unreachable', 'a piece of the snapshot came without its head')
  const packed = payload.subarray(end + 1)
  if (packed.length === 0) return { zeros: Number(zeros), piece: packed }
  try {
    return { zeros: Number(zeros), piece: await unzip(packed, { maxOutputLength: most + MIB }) }
  } catch (cause) {
    throw fault('unreachable', 'a piece of the snapshot came damaged', { cause })
  }
}

const ZEROS = Buffer.alloc(MIB)

/** Bytes [from, to) of so many zeros and the piece behind them. */
function* bytesOf(zeros: number, piece: Buffer, from: number, to: number): Generator<Buffer> {
  const last = Math.min(zeros, to)
  for (let at = from; at < last; at += MIB) yield ZEROS.subarray(0, Math.min(MIB, last - at))
  if (to > zeros) yield piece.subarray(Math.max(0, from - zeros), to - zeros)
}

const fileOf = ({ sha256, bytes }: SnapshotCopy): ImageFile => ({ sha256, bytes, format: 'raw', sizeGiB: gibOf(bytes) })
