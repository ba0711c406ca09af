/**
 * REQUIREMENTS: on which hosts a machine may be. One language in two modes: `native` gives `!`, `&` and
 * `|` their usual order and has more signs; `opennebula` reads as OpenNebula does, where the three bind alike and to the left.
 */
import { canonicalName, isMachineList } from './names'
import { type Problem, problemAt, Wrong } from './problem'
import { called, DOTTED_WORD, PLAIN_WORD, Reader, type Token, tokensOf, type Vocabulary } from './tokens'

export type Mode = 'native' | 'opennebula'
export const MODES: readonly Mode[] = ['native', 'opennebula']

/** The type of a comparison is that of its literal. */
export type Literal = number | string
export type Comparison = '=' | '!=' | '>' | '<' | '>=' | '<=' | '@>'

export type Requirement =
  | { readonly is: 'anything' }
  | { readonly is: 'compared'; readonly name: string; readonly by: Comparison; readonly to: Literal }
  | { readonly is: 'defined'; readonly name: string }
  | { readonly is: 'not'; readonly of: Requirement }
  | { readonly is: 'and' | 'or'; readonly left: Requirement; readonly right: Requirement }

export interface Requirements {
  readonly text: string
  readonly mode: Mode
  readonly tree: Requirement
  /** What its author may not have meant; it counts all the same. */
  readonly warnings: readonly string[]
}

const VOCABULARY: Readonly<Record<Mode, Vocabulary>> = {
  native: {
    word: DOTTED_WORD,
    signs: ['&&', '||', '>=', '<=', '==', '!=', '@>', '&', '|', '!', '=', '>', '<', '(', ')', ','],
  },
  opennebula: { word: PLAIN_WORD, signs: ['!=', '@>', '&', '|', '!', '=', '>', '<', '(', ')'] },
}
const AND = ['&', '&&', 'and'] as const
const OR = ['|', '||', 'or'] as const
const NOT = ['!', 'not'] as const
const COMPARISONS: Readonly<Record<string, Comparison>> = {
  '=': '=',
  '==': '=',
  '!=': '!=',
  '>': '>',
  '<': '<',
  '>=': '>=',
  '<=': '<=',
  '@>': '@>',
}
/** A bound on nesting, so that no text makes the parser run out of stack. */
const DEEPEST = 100
const MIXED =
  'it has & and | without parentheses: native mode takes & first, OpenNebula takes both from the left; parentheses say it'

/** Reads an expression; '' asks for nothing. A problem names the first place that is wrong. */
export function parseRequirements(text: string, mode: Mode = 'native'): Requirements | Problem {
  try {
    const parser = new Parser(new Reader(tokensOf(text, VOCABULARY[mode])), mode)
    return { text, mode, tree: parser.whole(), warnings: parser.isMixed ? [MIXED] : [] }
  } catch (thrown) {
    if (thrown instanceof Wrong) return problemAt(text, thrown)
    throw thrown
  }
}

export const isProblem = (parsed: object): parsed is Problem => 'column' in parsed

class Parser {
  isMixed = false
  private depth = 0
  constructor(
    private readonly reader: Reader,
    private readonly mode: Mode,
  ) {}

  whole(): Requirement {
    if (this.reader.peek().is === 'end') return { is: 'anything' }
    const tree = this.alternatives()
    const rest = this.reader.peek()
    if (rest.is !== 'end') throw new Wrong(`expected & or |, found ${called(rest)}${hint(rest)}`, rest.at)
    return tree
  }

  private alternatives(): Requirement {
    return this.mode === 'native' ? this.either() : this.fromTheLeft()
  }

  /** OpenNebula's: whatever comes next is joined to all that came before. */
  private fromTheLeft(): Requirement {
    let left = this.negated()
    const joins = new Set<string>()
    for (;;) {
      const join = this.reader.accept('&') ? 'and' : this.reader.accept('|') ? 'or' : undefined
      if (join === undefined) return left
      joins.add(join)
      this.isMixed ||= joins.size > 1
      left = { is: join, left, right: this.negated() }
    }
  }

  private either(): Requirement {
    let { tree, joined } = this.both()
    while (this.reader.accept(...OR)) {
      const right = this.both()
      joined ||= right.joined
      this.isMixed ||= joined
      tree = { is: 'or', left: tree, right: right.tree }
    }
    return tree
  }

  private both(): { readonly tree: Requirement; readonly joined: boolean } {
    let tree = this.negated()
    let joined = false
    while (this.reader.accept(...AND)) {
      joined = true
      tree = { is: 'and', left: tree, right: this.negated() }
    }
    return { tree, joined }
  }

  private negated(): Requirement {
    let times = 0
    while (this.reader.accept(...(this.mode === 'native' ? NOT : ['!']))) times += 1
    const of = this.primary()
    return times % 2 === 0 ? of : { is: 'not', of }
  }

  private primary(): Requirement {
    if (!this.reader.accept('(')) return this.comparison()
    this.depth += 1
    if (this.depth > DEEPEST) throw new Wrong(`at most ${DEEPEST} parentheses in each other`, this.reader.peek().at)
    const tree = this.alternatives()
    this.reader.expect(')', 'expected & or | or )')
    this.depth -= 1
    return tree
  }

  private comparison(): Requirement {
    const first = this.reader.take()
    if (this.mode === 'native' && isWord(first, 'defined') && this.reader.accept('(')) return this.defined()
    if (first.is !== 'word' && first.is !== 'quoted')
      throw new Wrong(`expected the name of an attribute, found ${called(first)}`, first.at)
    const name = canonicalName(first.text)
    if (this.mode === 'native' && this.reader.accept('in')) return this.oneOf(name)
    const sign = this.reader.take()
    const by = sign.is === 'sign' ? COMPARISONS[sign.text] : undefined
    if (by === undefined)
      throw new Wrong(`expected a comparison (${this.signs()}), found ${called(sign)}${hint(sign)}`, sign.at)
    if (isMachineList(name) && by !== '=' && by !== '!=')
      throw new Wrong(`${name} can be compared by = and != only`, sign.at)
    return { is: 'compared', name, by, to: this.literalFor(by) }
  }

  private signs(): string {
    return this.mode === 'native' ? '= != > < >= <= @> IN' : '= != > < @>'
  }

  private defined(): Requirement {
    const token = this.reader.take()
    if (token.is !== 'word' && token.is !== 'quoted')
      throw new Wrong(`expected the name of an attribute, found ${called(token)}`, token.at)
    this.reader.expect(')', 'expected )')
    return { is: 'defined', name: canonicalName(token.text) }
  }

  /** `X IN ("a", "b")` is `X = "a" | X = "b"`. */
  private oneOf(name: string): Requirement {
    this.reader.expect('(', 'expected (')
    let tree: Requirement = { is: 'compared', name, by: '=', to: this.literalFor('=') }
    while (this.reader.accept(','))
      tree = { is: 'or', left: tree, right: { is: 'compared', name, by: '=', to: this.literalFor('=') } }
    this.reader.expect(')', 'expected , or )')
    return tree
  }

  private literalFor(by: Comparison): Literal {
    const token = this.reader.take()
    if (token.is === 'number') return token.value
    if (token.is !== 'word' && token.is !== 'quoted')
      throw new Wrong(`expected a number or a text, found ${called(token)}`, token.at)
    if (token.is === 'word' && token.text.includes('.'))
      throw new Wrong(`a text with a dot has to be in quotes: "${token.text}"`, token.at)
    if (by !== '=' && by !== '!=' && by !== '@>')
      throw new Wrong(`${by} compares numbers only, found ${called(token)}`, token.at)
    return token.text
  }
}

const isWord = (token: Token, text: string): boolean => token.is === 'word' && token.text.toLowerCase() === text

/** Most often a bare word that was cut at its dash or dot. */
const hint = (token: Token): string =>
  token.is === 'number' && token.text.startsWith('-') ? ' (a text with a dash has to be in quotes)' : ''
