/** Walks one line of text by sticky regular expressions, each linear and without backtracking into what was read. */
import { type Fault, fault } from '../../faults'
import { at, detailOf, LONGEST_VALUE, tooLong, type Where } from './document'

export interface Line {
  /** Name of the field, as the reader knows it: `Category`. */
  readonly field: string
  readonly text: string
  /** Counted from 1: in a body the line, in headers which of that name. */
  readonly line: number
  /** Column of the first character of `text`. */
  readonly column: number
}

const BLANK = /[ \t]*/y
const QUOTED = /"([^"\\]*(?:\\[\s\S][^"\\]*)*)"/y
const SINGLE = /'([^'\\]*)'/y

export class Scanner {
  private position = 0

  constructor(private readonly line: Line) {}

  get where(): Where {
    return { field: this.line.field, line: this.line.line, column: this.line.column + this.position }
  }

  /** 'malformed' here, with what was expected and what is there. */
  refuse(expected: string): Fault {
    // One character only: faults are logged, and the rest may be a key.
    const next = this.line.text.charAt(this.position)
    const found = next === '' ? 'the line ends' : `found ${JSON.stringify(next)}`
    return fault('malformed', `expected ${expected}, ${found}${at(this.where)}`, detailOf(this.where))
  }

  /** The whole match of a sticky expression, or undefined and nothing is read. */
  take(pattern: RegExp): string | undefined {
    return this.match(pattern)?.[0]
  }

  /** Blanks, then one character if it is next. */
  accept(character: string): boolean {
    this.take(BLANK)
    if (this.line.text[this.position] !== character) return false
    this.position += 1
    return true
  }

  expect(character: string, name = `"${character}"`): void {
    if (!this.accept(character)) throw this.refuse(name)
  }

  blanks(): void {
    this.take(BLANK)
  }

  get atEnd(): boolean {
    this.blanks()
    return this.position >= this.line.text.length
  }

  /** A string in quotes, its escapes undone; undefined when none begins here. A quote that never ends is refused. */
  quoted(quotes: '"' | `"'`): string | undefined {
    this.blanks()
    const next = this.line.text[this.position]
    if (next === undefined || !quotes.includes(next)) return undefined
    const start = this.where
    const inside = this.match(next === '"' ? QUOTED : SINGLE)?.[1]
    if (inside === undefined) throw this.refuse('a string that ends with its quote')
    if (inside.length > LONGEST_VALUE) throw tooLong(inside, start)
    return inside.replace(/\\(.)/gs, '$1')
  }

  private match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.position
    const found = pattern.exec(this.line.text)
    if (found !== null) this.position = pattern.lastIndex
    return found
  }
}
