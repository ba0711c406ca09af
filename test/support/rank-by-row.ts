/** What a rank comes to for one host after another, written down naively: what the columns of the scheduler must come to. */
import { figureOf, type Places, type Rank, type Row, whole } from '../../src/model/placement/expressions'

/** What a host ranks as; NaN: its rank divides by zero, and it comes last. */
export type Ranks = (host: Row) => number

/** Whole numbers, and NaN. */
export function bindRank({ tree }: Rank, places: Places): Ranks {
  const term = ranks(tree, places)
  return (host) => whole(term(host))
}

function ranks(tree: Rank['tree'], places: Places): Ranks {
  switch (tree.is) {
    case 'number': {
      const value = Math.fround(tree.value)
      return () => value
    }
    case 'attribute': {
      const place = places(tree.name)
      return (host) => figureOf(host[place])
    }
    case 'negative': {
      const of = ranks(tree.of, places)
      return (host) => -of(host)
    }
    case 'result':
      return computed(tree, ranks(tree.left, places), ranks(tree.right, places))
  }
}

function computed({ by }: Rank['tree'] & { readonly is: 'result' }, left: Ranks, right: Ranks): Ranks {
  switch (by) {
    case '+':
      return (host) => Math.fround(left(host) + right(host))
    case '-':
      return (host) => Math.fround(left(host) - right(host))
    case '*':
      return (host) => Math.fround(left(host) * right(host))
    case '/':
      return (host) => {
        const divisor = right(host)
        return divisor === 0 ? Number.NaN : Math.fround(left(host) / divisor)
      }
  }
}
