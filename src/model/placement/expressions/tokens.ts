/**
 * The words of REQUIREMENTS and RANK expressions. A sign in front of digits belongs to the number, as
 * in OpenNebula: `FREE_CPU -5` is a name and a number, and no expression.
 */
import { Wrong } from './problem'

export type Token =
  | { readonly is: 'word'; readonly text: string; readonly at: number }
  | { readonly is: 'quoted'; readonly text: string; readonly at: number }
  | { readonly is: 'number'; readonly text: string; readonly value: number; readonly at: number }
  | { readonly is: 'sign'; readonly text: string; readonly at: number }
  | { readonly is: 'end'; readonly text: ''; readonly at: number }

/** A bound on what a request may make us parse, characters. */
export const LONGEST = 4096

const SPACE = /[ \t\r\n]+/y
const NUMBER = /-?[0-9]+(?:\.[0-9]+)?/y
const QUOTED = /"([^"]*)"/y

/** What of it differs between the languages: how names are made, and which signs there are (longer ones first). */
export interface Vocabulary {
  readonly word: RegExp
  readonly signs: readonly string[]
}

/** OpenNebula's names, and ours with dots in them. */
export const PLAIN_WORD = /[A-Za-z][0-9A-Za-z_]*/y
export const DOTTED_WORD = /[A-Za-z][0-9A-Za-z_]*(?:\.[A-Za-z][0-9A-Za-z_]*)*/y

/** All words, and an 'end'. Throws Wrong at the first character that begins none. */
export function tokensOf(text: string, { word, signs }: Vocabulary): readonly Token[] {
  if (text.length > LONGEST) throw new Wrong(`an expression has at most ${LONGEST} characters`, LONGEST)
  const tokens: Token[] = []
  let at = 0
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at
    return pattern.exec(text)
  }
  while (at < text.length) {
    const token = take(SPACE) ?? next()
    at += token[0].length
  }
  return [...tokens, { is: 'end', text: '', at }]

  function next(): readonly [string] {
    const number = take(NUMBER)
    if (number) {
      tokens.push({ is: 'number', text: number[0], value: Number(number[0]), at })
      return [number[0]]
    }
    const name = take(word)
    if (name) {
      tokens.push({ is: 'word', text: name[0], at })
      return [name[0]]
    }
    const quoted = take(QUOTED)
    if (quoted) {
      tokens.push({ is: 'quoted', text: quoted[1] ?? '', at })
      return [quoted[0]]
    }
    const sign = signs.find((one) => text.startsWith(one, at))
    if (sign === undefined) throw new Wrong(strange(text, at), at)
    tokens.push({ is: 'sign', text: sign, at })
    return [sign]
  }
}

const strange = (text: string, at: number): string =>
  text[at] === '"'
    ? 'this " has no end'
    : `${JSON.stringify(String.fromCodePoint(text.codePointAt(at) ?? 0))} has no meaning here`

/** How a token is called in a message. */
export const called = (token: Token): string =>
  token.is === 'end' ? 'the end' : token.is === 'quoted' ? `"${token.text}"` : token.text

/** Tokens one after another. */
export class Reader {
  private next = 0
  constructor(private readonly tokens: readonly Token[]) {}

  peek(): Token {
    return this.tokens[Math.min(this.next, this.tokens.length - 1)] ?? { is: 'end', text: '', at: 0 }
  }

  take(): Token {
    const token = this.peek()
    this.next += 1
    return token
  }

  /** Takes it if it is one of these signs or words (words in any case). */
  accept(...texts: readonly string[]): Token | undefined {
    const token = this.peek()
    if (token.is !== 'sign' && token.is !== 'word') return undefined
    return texts.includes(token.is === 'word' ? token.text.toLowerCase() : token.text) ? this.take() : undefined
  }

  /** Throws Wrong where something else stands. */
  expect(text: string, why: string): void {
    if (!this.accept(text)) throw new Wrong(`${why}, found ${called(this.peek())}`, this.peek().at)
  }
}
