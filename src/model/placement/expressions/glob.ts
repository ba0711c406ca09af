/**
 * Shell patterns as text comparisons use them (glob(7), fnmatch(3) without flags): `*` also matches `/`, case counts, a `[` without
 * end is itself. Matched without backtracking into more than the last `*`, so no pattern takes long.
 */
type Piece = { readonly is: 'many' } | { readonly is: 'one'; readonly admits: (character: string) => boolean }

export function glob(pattern: string): (text: string) => boolean {
  if (!/[*?[\\]/.test(pattern)) return (text) => text === pattern
  const pieces = piecesOf(pattern)
  return (text) => matches(pieces, text)
}

function piecesOf(pattern: string): readonly Piece[] {
  const pieces: Piece[] = []
  for (let at = 0; at < pattern.length; ) {
    const character = pattern[at] ?? ''
    const set = character === '[' ? setAt(pattern, at) : undefined
    if (set) {
      pieces.push({ is: 'one', admits: set.admits })
      at = set.end
    } else if (character === '*') {
      pieces.push({ is: 'many' })
      at += 1
    } else if (character === '?') {
      pieces.push({ is: 'one', admits: () => true })
      at += 1
    } else {
      const isEscaped = character === '\\' && at + 1 < pattern.length
      const literal = isEscaped ? pattern[at + 1] : character
      pieces.push({ is: 'one', admits: (one) => one === literal })
      at += isEscaped ? 2 : 1
    }
  }
  return pieces
}

/** `[a-z]`, `[!a-z]`; a `]` right at the beginning belongs to the set. */
function setAt(
  pattern: string,
  at: number,
): { readonly admits: (character: string) => boolean; readonly end: number } | undefined {
  const isNegated = pattern[at + 1] === '!' || pattern[at + 1] === '^'
  const start = at + (isNegated ? 2 : 1)
  const close = pattern.indexOf(']', start + 1)
  if (close < 0) return undefined
  const body = pattern.slice(start, close)
  const ranges: (readonly [string, string])[] = []
  for (let from = 0; from < body.length; ) {
    const first = body[from] ?? ''
    const isRange = body[from + 1] === '-' && from + 2 < body.length
    ranges.push([first, isRange ? (body[from + 2] ?? '') : first])
    from += isRange ? 3 : 1
  }
  const isIn = (character: string): boolean => ranges.some(([first, last]) => character >= first && character <= last)
  return { admits: (character) => isIn(character) !== isNegated, end: close + 1 }
}

function matches(pieces: readonly Piece[], text: string): boolean {
  let piece = 0
  let at = 0
  let retry: { piece: number; at: number } | undefined
  while (at < text.length) {
    const wanted = pieces[piece]
    if (wanted?.is === 'many') {
      retry = { piece: piece + 1, at }
      piece += 1
    } else if (wanted?.is === 'one' && wanted.admits(text[at] ?? '')) {
      piece += 1
      at += 1
    } else if (retry) {
      retry = { piece: retry.piece, at: retry.at + 1 }
      piece = retry.piece
      at = retry.at
    } else return false
  }
  return pieces.slice(piece).every(({ is }) => is === 'many')
}
