/**
 * RANK over columns: what many hosts rank as, one operation after another for all of them, or one host anew. The same steps as for a
 * row (evaluate.ts), each in single precision: a column of 32-bit numbers rounds by itself.
 */
import { whole } from './evaluate'
import type { Operator, Rank, Term } from './rank'

/** An attribute's numbers, host by host; they may change, their place does not. */
export type Columns = (name: string) => Float32Array

export interface RankColumns {
  /** What that host ranks as now; NaN: it divides by zero. */
  readonly of: (at: number) => number
  /** What all of them do. */
  readonly all: () => ArrayLike<number>
}

/** `count`: of hosts. */
export function rankColumns({ tree }: Rank, columns: Columns, count: number): RankColumns {
  const one = oneOf(tree, columns)
  return {
    of: (at) => whole(one(at)),
    all: () => wholes(allOf(tree, columns, count)),
  }
}

function wholes(ranks: Float32Array): Float32Array {
  const into = new Float32Array(ranks.length)
  for (let at = 0; at < into.length; at += 1) into[at] = whole(ranks[at] ?? 0)
  return into
}

type One = (at: number) => number

function oneOf(tree: Term, columns: Columns): One {
  switch (tree.is) {
    case 'number': {
      const value = Math.fround(tree.value)
      return () => value
    }
    case 'attribute': {
      const column = columns(tree.name)
      return (at) => column[at] ?? 0
    }
    case 'negative': {
      const of = oneOf(tree.of, columns)
      return (at) => -of(at)
    }
    case 'result':
      return computed(tree.by, oneOf(tree.left, columns), oneOf(tree.right, columns))
  }
}

function computed(by: Operator, left: One, right: One): One {
  switch (by) {
    case '+':
      return (at) => Math.fround(left(at) + right(at))
    case '-':
      return (at) => Math.fround(left(at) - right(at))
    case '*':
      return (at) => Math.fround(left(at) * right(at))
    case '/':
      return (at) => {
        const divisor = right(at)
        return divisor === 0 ? Number.NaN : Math.fround(left(at) / divisor)
      }
  }
}

/** Not to be written to: it may be an attribute's own. */
function allOf(tree: Term, columns: Columns, count: number): Float32Array {
  switch (tree.is) {
    case 'number':
      return new Float32Array(count).fill(tree.value)
    case 'attribute':
      return columns(tree.name)
    case 'negative':
      return allOf(tree.of, columns, count).map((value) => -value)
    case 'result':
      return combined(tree.by, allOf(tree.left, columns, count), allOf(tree.right, columns, count))
  }
}

function combined(by: Operator, left: Float32Array, right: Float32Array): Float32Array {
  const into = new Float32Array(left.length)
  switch (by) {
    case '+':
      for (let at = 0; at < into.length; at += 1) into[at] = (left[at] ?? 0) + (right[at] ?? 0)
      break
    case '-':
      for (let at = 0; at < into.length; at += 1) into[at] = (left[at] ?? 0) - (right[at] ?? 0)
      break
    case '*':
      for (let at = 0; at < into.length; at += 1) into[at] = (left[at] ?? 0) * (right[at] ?? 0)
      break
    case '/':
      for (let at = 0; at < into.length; at += 1) {
        const divisor = right[at] ?? 0
        into[at] = divisor === 0 ? Number.NaN : (left[at] ?? 0) / divisor
      }
      break
  }
  return into
}
