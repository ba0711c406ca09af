/** Sending a file to the gateway piece by piece: what breaks off goes on where the gateway says that it is. */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { z } from 'zod'
import { asFault, fault } from '../faults'
import { pieceOfFile } from '../model/pieces'
import type { AdminClient } from './admin-client'

const PIECE_BYTES = 8 * 1024 * 1024
const TRIES = 8

/** Told on standard error: one line that changes on a terminal, a line for each tenth elsewhere. */
export type Tell = (what: string, percent: number) => void

export function tellProgress(err: Pick<NodeJS.WriteStream, 'write' | 'isTTY'> = process.stderr): Tell {
  let last = ''
  return (what, percent) => {
    const shown = err.isTTY ? percent : Math.floor(percent / 10) * 10
    const line = `${what}: ${shown} %`
    if (line === last) return
    last = line
    err.write(err.isTTY ? `\r${line}\u001b[K${percent === 100 ? '\n' : ''}` : `${line}\n`)
  }
}

export interface LocalFile {
  readonly path: string
  readonly bytes: number
  readonly sha256: string
}

/** Faults: 'not-found' for what is no file. */
export async function localFile(path: string, tell: Tell): Promise<LocalFile> {
  const { size } = await fileAt(path)
  const hash = createHash('sha256')
  let read = 0
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 })) {
    hash.update(chunk)
    read += chunk.length
    tell(`reading ${path}`, percentOf(read, size))
  }
  return { path, bytes: read, sha256: hash.digest('hex') }
}

async function fileAt(path: string) {
  const found = await stat(path).catch((cause: unknown) => {
    throw fault('not-found', `${path} cannot be read`, { cause })
  })
  if (found.isFile() && found.size > 0) return found
  throw fault('not-found', found.isFile() ? `${path} is empty` : `${path} is no file`)
}

export const isFile = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isFile(),
    () => false,
  )

const percentOf = (part: number, whole: number): number => (whole === 0 ? 100 : Math.floor((part / whole) * 100))
const status = z.object({ have: z.number() })

/** Until the gateway has all of it. Faults: as the client's; what is only away is waited for a while. */
export async function sendFile(
  client: Pick<AdminClient, 'get' | 'putPiece'>,
  { path, bytes }: Pick<LocalFile, 'path' | 'bytes'>,
  uploadId: string,
  tell: Tell,
): Promise<void> {
  const to = `/uploads/${encodeURIComponent(uploadId)}`
  const file = await open(path, 'r')
  const buffer = Buffer.alloc(Math.min(pieceOfFile(PIECE_BYTES, bytes), bytes))
  try {
    let { have } = status.parse(await client.get(to))
    let failures = 0
    while (have < bytes) {
      tell(`sending ${path}`, percentOf(have, bytes))
      const { bytesRead } = await file.read(buffer, 0, buffer.length, have)
      if (bytesRead === 0) throw fault('conflict', `${path} became shorter while it was sent`)
      try {
        const piece = new Uint8Array(buffer.subarray(0, bytesRead))
        const answer = await client.putPiece(to, { bytes: piece, at: have, total: bytes })
        have = answer.have
        failures = 0
      } catch (thrown) {
        const known = asFault(thrown)
        failures += 1
        if (!known.retriable || failures === TRIES) throw known
        await pause(250 * 2 ** failures)
        have = await client.get(to).then(
          (found) => status.parse(found).have,
          () => have,
        )
      }
    }
    tell(`sending ${path}`, 100)
  } finally {
    await file.close()
  }
}
