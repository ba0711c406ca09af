/**
 * Which way a rank can go while machines get their places, told from its expression alone. Who knows that no host's rank rises
 * need not look at those that change.
 */
import { isMoving } from './attributes'
import type { Operator, Term } from './expressions/rank'

/** `any`: it may rise, or nobody can say. */
export type Direction = 'stays' | 'falls' | 'rises' | 'any'

/** Of a rank on any host, with each placement on it: whatever moves with placements grows with them (attributes.ts). */
export function directionOf(tree: Term): Direction {
  switch (tree.is) {
    case 'number':
      return 'stays'
    case 'attribute':
      return isMoving(tree.name) ? 'rises' : 'stays'
    case 'negative':
      return turned(directionOf(tree.of))
    case 'result':
      return combined(tree.by, tree.left, tree.right)
  }
}

function combined(by: Operator, left: Term, right: Term): Direction {
  const [of, and] = [directionOf(left), directionOf(right)]
  if (of === 'stays' && and === 'stays') return 'stays'
  if (by === '+') return both(of, and)
  if (by === '-') return both(of, turned(and))
  // A figure of the host's may be below zero: only a number that stands there says which way its product goes.
  if (right.is === 'number' && right.value > 0) return of
  return by === '*' && left.is === 'number' && left.value > 0 ? and : 'any'
}

const both = (one: Direction, other: Direction): Direction =>
  one === other || other === 'stays' ? one : one === 'stays' ? other : 'any'

const turned = (direction: Direction): Direction =>
  direction === 'falls' ? 'rises' : direction === 'rises' ? 'falls' : direction
