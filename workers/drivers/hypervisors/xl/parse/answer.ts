/** An answer of our deeds (host/50-look.sh) is text in sections, `== name` above each. What does not read as expected is no answer. */
import { fault } from '../../../../../src/faults'

export type Sections = ReadonlyMap<string, string>

const HEAD = /^== ([a-z]+)$/

export function sectionsOf(text: string): Sections {
  const sections = new Map<string, string[]>()
  let lines: string[] = []
  for (const line of text.split('\n')) {
    const name = HEAD.exec(line)?.[1]
    if (name === undefined) lines.push(line)
    else {
      lines = []
      sections.set(name, lines)
    }
  }
  return new Map([...sections].map(([name, own]) => [name, own.join('\n').trimEnd()]))
}

/** Fault 'unreachable': the outcome of the call is unknown, since this is no answer of ours. */
export const notAnAnswer = (what: string, line: string) =>
  fault('unreachable', `the host answered with something else than ${what}`, { cause: line.slice(0, 200) })

export function section(sections: Sections, name: string): string {
  const text = sections.get(name)
  if (text === undefined) throw notAnAnswer(name, [...sections.keys()].join())
  return text
}

export const linesOf = (text: string): string[] => text.split('\n').filter((line) => line !== '')

/** A whole number, or no answer. */
export function whole(text: string | undefined, what: string): number {
  if (text === undefined || !/^\d+$/.test(text)) throw notAnAnswer(what, text ?? '')
  return Number(text)
}
