/**
 * RANK: which of the hosts it prefers: names, numbers, + - * / and parentheses. Single-precision numbers,
 * the result cut off towards zero, as OpenNebula computes it; where it divides by zero the host comes last.
 */
import { canonicalName, isMachineList } from './names'
import { type Problem, problemAt, Wrong } from './problem'
import { called, DOTTED_WORD, Reader, tokensOf, type Vocabulary } from './tokens'

export type Operator = '+' | '-' | '*' | '/'

export type Term =
  | { readonly is: 'number'; readonly value: number }
  | { readonly is: 'attribute'; readonly name: string }
  | { readonly is: 'negative'; readonly of: Term }
  | { readonly is: 'result'; readonly left: Term; readonly by: Operator; readonly right: Term }

export interface Rank {
  readonly text: string
  readonly tree: Term
}

const VOCABULARY: Vocabulary = { word: DOTTED_WORD, signs: ['+', '-', '*', '/', '(', ')'] }
const DEEPEST = 100

/** Reads an expression; '' is 0 on every host. A problem names the first place that is wrong. */
export function parseRank(text: string): Rank | Problem {
  try {
    return { text, tree: new Parser(new Reader(tokensOf(text, VOCABULARY))).whole() }
  } catch (thrown) {
    if (thrown instanceof Wrong) return problemAt(text, thrown)
    throw thrown
  }
}

class Parser {
  private depth = 0
  constructor(private readonly reader: Reader) {}

  whole(): Term {
    if (this.reader.peek().is === 'end') return { is: 'number', value: 0 }
    const tree = this.sum()
    const rest = this.reader.peek()
    if (rest.is === 'end') return tree
    const hint =
      rest.is === 'number' && rest.text.startsWith('-') ? ` (to subtract, write "- ${rest.text.slice(1)}")` : ''
    throw new Wrong(`expected + - * or /, found ${called(rest)}${hint}`, rest.at)
  }

  private sum(): Term {
    let left = this.product()
    for (;;) {
      const by = this.reader.accept('+') ? '+' : this.reader.accept('-') ? '-' : undefined
      if (by === undefined) return left
      left = { is: 'result', left, by, right: this.product() }
    }
  }

  private product(): Term {
    let left = this.factor()
    for (;;) {
      const by = this.reader.accept('*') ? '*' : this.reader.accept('/') ? '/' : undefined
      if (by === undefined) return left
      left = { is: 'result', left, by, right: this.factor() }
    }
  }

  private factor(): Term {
    let negative = false
    while (this.reader.accept('-')) negative = !negative
    const of = this.primary()
    return negative ? { is: 'negative', of } : of
  }

  private primary(): Term {
    const token = this.reader.take()
    if (token.is === 'number') return { is: 'number', value: token.value }
    if (token.is === 'word' || token.is === 'quoted') {
      const name = canonicalName(token.text)
      if (isMachineList(name)) throw new Wrong(`${name} is a list and has no rank`, token.at)
      return { is: 'attribute', name }
    }
    if (token.is !== 'sign' || token.text !== '(')
      throw new Wrong(`expected a number or the name of an attribute, found ${called(token)}`, token.at)
    this.depth += 1
    if (this.depth > DEEPEST) throw new Wrong(`at most ${DEEPEST} parentheses in each other`, token.at)
    const tree = this.sum()
    this.reader.expect(')', 'expected + - * / or )')
    this.depth -= 1
    return tree
  }
}
