/** Which pieces a file is sent in: by a client that keeps what it is given to itself. */
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sendFile } from '../../../src/cli/send-file'
import { fault } from '../../../src/faults'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'og-send-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const MIB = 1024 ** 2
const GIB = 1024 * MIB

/** Takes `most` pieces of a file that has holes only, and refuses the next. Where each began, and its length. */
async function sent(bytes: number, most: number, have = 0): Promise<readonly (readonly [number, number])[]> {
  const path = join(folder, 'disk.raw')
  writeFileSync(path, '')
  truncateSync(path, bytes)
  const pieces: (readonly [number, number])[] = []
  const client = {
    get: async () => ({ have }),
    putPiece: async (_path: string, { at, bytes: piece }: { readonly at: number; readonly bytes: Uint8Array }) => {
      if (pieces.length === most) throw fault('refused', 'no more')
      pieces.push([at, piece.length])
      return { have: at + piece.length, complete: at + piece.length === bytes }
    },
  }
  await sendFile(client, { path, bytes }, 'id', () => undefined).catch((thrown: unknown) => {
    expect(thrown).toMatchObject({ kind: 'refused' })
  })
  return pieces
}

test('a file goes in pieces of 8 MiB, the last one has what is left', async () => {
  expect(await sent(17 * MIB, 10)).toEqual([
    [0, 8 * MIB],
    [8 * MIB, 8 * MIB],
    [16 * MIB, MIB],
  ])
  expect(await sent(5, 10)).toEqual([[0, 5]])
})

test('a file of more than 78 GiB goes in larger pieces: the gateway takes 10,000', async () => {
  expect(await sent(100 * GIB, 2)).toEqual([
    [0, 10_737_419],
    [10_737_419, 10_737_419],
  ])
  expect(await sent(100 * GIB, 2, 9_999 * 10_737_419)).toEqual([[9_999 * 10_737_419, 100 * GIB - 9_999 * 10_737_419]])
})
