/** XML in the making: text, with the pieces that were written before in between. */
import { assemble, joinOnce } from '../../fragments/assemble'
import { type Body, bytesOf } from '../../fragments/body'
import { type Part, Piece, type Written } from '../../fragments/piece'

/** An order of so many machines is one piece. */
const FEW = 8

export class XmlBody {
  /** Elements that are open and have nothing inside yet. */
  private readonly empty: string[] = []
  private text = ''
  private parts: Part[] = []
  private readonly runs: Buffer[] = []

  /** `inner` is XML already. */
  add(inner: string): void {
    if (inner === '') return
    this.begin()
    this.text += inner
  }

  open(tag: string): void {
    this.empty.push(tag)
  }

  /** `<tag/>` when nothing was put inside. */
  close(tag: string): void {
    if (this.empty.pop() === undefined) this.text += `</${tag}>`
    else this.add(`<${tag}/>`)
  }

  /** What was written before. */
  put({ parts, after }: Written): void {
    this.begin()
    const [first, ...others] = parts
    if (first) this.parts.push({ before: this.text + first.before, piece: first.piece }, ...others)
    this.text = first ? after : this.text + after
  }

  /** All that another one holds, to be found again when the same pieces come again. */
  addAll(runs: readonly Buffer[]): void {
    if (runs.length === 0) return
    this.begin()
    this.runs.push(joinOnce(this.parts, this.text), ...runs)
    this.parts = []
    this.text = ''
  }

  /** As runs of bytes that are kept with the pieces. */
  assembled(): readonly Buffer[] {
    return [...this.runs, ...assemble(this.parts), ...(this.text === '' ? [] : [Buffer.from(this.text, 'utf8')])]
  }

  /** To be put into others: as one piece, unless it is made of so many that those are better kept apart. */
  written(): Written {
    if (this.runs.length === 0 && this.parts.length > FEW) return { parts: this.parts, after: this.text }
    return { parts: [{ before: '', piece: new Piece(bytesOf(this.body())) }], after: '' }
  }

  body(): Body {
    if (this.runs.length === 0 && this.parts.length === 0) return this.text
    return [...this.runs, joinOnce(this.parts, this.text)]
  }

  private begin(): void {
    for (const tag of this.empty) this.text += `<${tag}>`
    this.empty.length = 0
  }
}
