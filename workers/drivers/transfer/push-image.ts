/**
 * A file of the image store, brought to a host's cache in pieces.
 *
 * Any number of workers may push one image at once: each piece names its offset and changes nothing unless that is the end of
 * what is there, so a worker that dies costs nothing and another one goes on where it ended. A guarded call of a newer epoch
 * ends an older one's piece, so whoever does not push asks first, unguarded, whether bytes are coming, and leaves them alone;
 * who is told that somebody else is ahead ('stale', 'busy') comes back later. When all of it is there the host
 * checks it, detached; only then is it called by its name. Each call pushes for a short time and says how far it came.
 *
 * Keys: a piece is harmless to repeat and must not be answered from a result that was kept before the file was cleaned away, so
 * each has a key of its own.
 */
import { randomUUID } from 'node:crypto'
import { buffer } from 'node:stream/consumers'
import { asFault, fault } from '../../../src/faults'
import type { ImageStore } from '../../../src/images/image-store'
import type { ImageFile } from '../../../src/model/images'
import type { StorageBackend } from '../../../src/model/machine'
import type { Effect, EffectTicket, HostTarget } from '../driver'
import type { GuardedHost } from '../guard/guarded-host'
import { type ImageState, parseImageState } from './parse'

export interface PushOptions {
  readonly guarded: GuardedHost
  readonly images: ImageStore
  /** Of one piece, bytes; default 4 MiB. */
  readonly pieceBytes?: number
  /** How long one call pushes, ms; default 3 s. */
  readonly pushMs?: number
}

export interface ImagePusher {
  /**
   * Done: it is in the host's cache; whoever needs it there tells the host so when he uses it. Faults: refused (no space, other
   * contents, not in the store), unreachable, timeout.
   */
  ensure(
    host: HostTarget,
    ticket: EffectTicket,
    file: ImageFile,
  ): Promise<Effect<{ readonly clone: StorageBackend['clone'] }>>
}

const PIECE_BYTES = 4 * 1024 ** 2
const PUSH_MS = 3_000
/** Somebody else pushes it, ms. */
const OTHERS_MS = 1_000
const SEALING_MS = 300
/** Bytes that came so lately are of somebody who goes on, s. */
const COMING_S = 3
const NEXT_MS = 20

export function openImagePusher({
  guarded,
  images,
  pieceBytes = PIECE_BYTES,
  pushMs = PUSH_MS,
}: PushOptions): ImagePusher {
  /** Pushes of this process, by host and image: one at a time, or they would only end each other's pieces. */
  const pushing = new Set<string>()
  /** What this process pushes, or knows to be there; anything else may be somebody else's. */
  const ours = new Set<string>()
  /** How far each is known to have come. */
  const percents = new Map<string, number>()

  const call = async (
    host: HostTarget,
    epoch: EffectTicket['epoch'],
    file: ImageFile,
    deed: string,
    args: readonly (string | number)[],
    input?: Buffer,
  ): Promise<ImageState> => {
    const ticket = { resource: `image-${file.sha256.slice(0, 32)}`, epoch, key: `image/${randomUUID()}` }
    const words = [file.sha256, file.format, ...args.map(String)]
    const effect = await guarded.effect(host, ticket, deed, words, {
      deadlineMs: 45_000,
      ...(input === undefined ? {} : { input }),
    })
    if (effect.state === 'running') throw fault('busy', 'its check goes on')
    return parseImageState(effect.value)
  }

  /** Whether somebody sends it just now; asked without a claim, which would end what they send. */
  const isComing = async (host: HostTarget, file: ImageFile): Promise<boolean> => {
    const age = (await guarded.free(host, 'image_age', [file.sha256, file.format])).toString('utf8').trim()
    return /^\d+$/.test(age) && Number(age) < COMING_S
  }

  const seal = async (host: HostTarget, epoch: EffectTicket['epoch'], file: ImageFile): Promise<void> => {
    const ticket = { resource: `image-${file.sha256.slice(0, 32)}`, epoch, key: `image/${randomUUID()}` }
    await guarded.effect(host, ticket, 'image_seal', [file.sha256, file.format], { detached: true })
  }

  /** Pieces from `from` on until all is there or the time is over; where it ended. */
  const push = async (
    host: HostTarget,
    epoch: EffectTicket['epoch'],
    file: ImageFile,
    from: number,
  ): Promise<ImageState> => {
    const until = performance.now() + pushMs
    const read = async (at: number): Promise<Buffer> => {
      const to = Math.min(at + pieceBytes, file.bytes)
      const piece = await buffer(await images.read(file.sha256, { from: at, to }))
      if (piece.length !== to - at)
        throw fault('refused', 'the image store has another length of it than its record says')
      return piece
    }
    let state: ImageState = { is: 'part', bytes: from }
    let next: Buffer | undefined
    do {
      const at: number = state.is === 'part' ? state.bytes : 0
      const piece: Buffer = next ?? (await read(at))
      next = undefined
      let to = at + piece.length
      if (isZero(piece)) {
        // However long a run of zeros is, it is one call.
        while (to < file.bytes && performance.now() < until) {
          next = await read(to)
          if (!isZero(next)) break
          to += next.length
          next = undefined
        }
        state = await call(host, epoch, file, 'image_zeros', [at, to - at, file.bytes])
      } else state = await call(host, epoch, file, 'image_piece', [at, piece.length, file.bytes], piece)
      // Somebody else's piece was there first: they go on.
      if (state.is === 'part' && state.bytes !== to) throw fault('busy', 'another worker pushes it')
    } while (state.is === 'part' && state.bytes < file.bytes && performance.now() < until)
    return state
  }

  const further = async (host: HostTarget, ticket: EffectTicket, file: ImageFile) => {
    let state = await call(host, ticket.epoch, file, 'image_ask', ['-'])
    if (state.is === 'bad') {
      await call(host, ticket.epoch, file, 'image_clear', []).catch(() => undefined)
      throw fault('refused', 'its image came to the host with other contents than its checksum says; it is sent again')
    }
    if (state.is === 'part' && state.bytes > file.bytes) state = { is: 'part', bytes: file.bytes }
    if (state.is === 'part' && state.bytes < file.bytes) {
      state = await push(host, ticket.epoch, file, state.bytes)
    }
    if (state.is === 'there') return state
    const bytes = state.is === 'part' ? state.bytes : 0
    if (bytes < file.bytes) return running(percentOf(bytes, file), NEXT_MS)
    await seal(host, ticket.epoch, file)
    return running(99, SEALING_MS)
  }

  return {
    async ensure(host, ticket, file) {
      const what = `${host.id}/${file.sha256}.${file.format}`
      const elsewhere = () => running(percents.get(what) ?? 0, OTHERS_MS)
      if (pushing.has(what)) return elsewhere()
      pushing.add(what)
      try {
        if (!ours.has(what) && (await isComing(host, file))) return elsewhere()
        ours.add(what)
        const state = await further(host, ticket, file)
        if ('state' in state) {
          percents.set(what, state.percent)
          return state
        }
        percents.delete(what)
        return { state: 'done', value: { clone: state.clone } }
      } catch (thrown) {
        const { kind } = asFault(thrown)
        ours.delete(what)
        if (kind === 'stale' || kind === 'busy') return elsewhere()
        if (kind === 'not-found') throw fault('refused', 'its image is not in the image store any more')
        if (kind === 'unavailable') throw fault('unreachable', 'the image store does not answer', { cause: thrown })
        throw thrown
      } finally {
        pushing.delete(what)
      }
    },
  }
}

const running = (percent: number, lookAgainMs: number) => ({ state: 'running', percent, lookAgainMs }) as const

const percentOf = (bytes: number, file: ImageFile): number =>
  Math.min(99, Math.floor((bytes * 99) / Math.max(1, file.bytes)))

/** Compared with itself, one byte on. */
const isZero = (piece: Buffer): boolean =>
  piece.length > 0 && piece[0] === 0 && piece.compare(piece, 1, piece.length, 0, piece.length - 1) === 0
