/** Where an expression is wrong, in words that its author can act on. Lines and columns count from 1. */
export interface Problem {
  readonly line: number
  readonly column: number
  readonly message: string
}

/** Ends a parse; never leaves this folder. */
export class Wrong extends Error {
  constructor(
    message: string,
    readonly at: number,
  ) {
    super(message)
  }
}

export function problemAt(text: string, { at, message }: Wrong): Problem {
  const before = text.slice(0, at).split('\n')
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1, message }
}

/** As it is told to the author. */
export const formatProblem = ({ line, column, message }: Problem): string =>
  `line ${line}, column ${column}: ${message}`
