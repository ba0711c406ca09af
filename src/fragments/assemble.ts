/**
 * Lists of pieces as few runs of bytes, of which nearly all are those of the list before.
 *
 * A list of a thousand machines is 2 MB: written anew for each answer, it costs several times what sending it does. So neighbours
 * are kept together in blocks, and only blocks with a change in them are made again. Where something came or went, the blocks
 * behind it are found again by where they begin.
 */
import type { Block, Part } from './piece'

/** Pieces of a fresh block, and the least and the most of one that lies before a block that is still good. */
const USUAL = 32
const LEAST = 16
const MOST = 64

/** The bytes of all parts one after the other. To be asked for lists that are asked for again and again, and as a whole. */
export function assemble(parts: readonly Part[]): readonly Buffer[] {
  const runs: Buffer[] = []
  for (let at = 0; at < parts.length; ) {
    const block = goodBlock(parts, at) ?? makeBlock(parts.slice(at, at + extent(parts, at)))
    runs.push(block.bytes)
    at += block.parts.length
  }
  return runs
}

/** The bytes of all parts one after the other, as they are: for lists that nobody is likely to ask for again. */
export function joinOnce(parts: readonly Part[], after: string): Buffer {
  const all: Buffer[] = []
  for (const { before, piece } of parts) {
    if (before !== '') all.push(Buffer.from(before, 'utf8'))
    all.push(piece.bytes)
  }
  return Buffer.concat([...all, Buffer.from(after, 'utf8')])
}

/** The block that begins here, if all that is in it is here still. */
function goodBlock(parts: readonly Part[], at: number): Block | undefined {
  const first = parts[at]
  const block = first?.piece.block
  if (block?.parts[0]?.piece !== first?.piece) return undefined
  const isGood = block?.parts.every((part, index) => {
    const here = parts[at + index]
    return here === part || (here?.piece === part.piece && here.before === part.before)
  })
  return isGood ? block : undefined
}

/** How many parts go into a block that begins here: up to the next good one, if that is not too near or too far. */
function extent(parts: readonly Part[], at: number): number {
  const rest = parts.length - at
  for (let count = LEAST; count < Math.min(MOST, rest); count++) if (goodBlock(parts, at + count)) return count
  return rest <= MOST ? rest : USUAL
}

function makeBlock(parts: readonly Part[]): Block {
  const size = parts.reduce((sum, { before, piece }) => sum + Buffer.byteLength(before) + piece.bytes.length, 0)
  const bytes = Buffer.allocUnsafeSlow(size)
  const block: Block = { parts, bytes }
  let end = 0
  for (const { before, piece } of parts) {
    end += bytes.write(before, end, 'utf8')
    piece.bytes.copy(bytes, end)
    piece.bytes = bytes.subarray(end, end + piece.bytes.length)
    piece.block = block
    end += piece.bytes.length
  }
  return block
}
