import fc from 'fast-check'
import { leastPiece, MOST_PIECES, pieceOfFile } from '../../../src/model/pieces'

const MIB = 1024 ** 2
/** 16 TiB. */
const LARGEST = 16 * 1024 ** 4

test('a file of any size comes in at most 10,000 pieces, none of them smaller than is taken', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 64 * MIB }), fc.integer({ min: 1, max: LARGEST }), (wanted, bytes) => {
      const piece = pieceOfFile(wanted, bytes)
      expect(Math.ceil(bytes / piece)).toBeLessThanOrEqual(MOST_PIECES)
      expect(piece).toBeGreaterThanOrEqual(leastPiece(bytes))
      expect([wanted, leastPiece(bytes)]).toContain(piece)
    }),
  )
})

test.each([
  ['as many as are wanted', 8 * MIB, 78 * 1024 * MIB, 8 * MIB],
  ['more of a larger file', 8 * MIB, 100 * 1024 * MIB, 10_737_419],
])('%s', (_what, wanted, bytes, expected) => {
  expect(pieceOfFile(wanted, bytes)).toBe(expected)
})
