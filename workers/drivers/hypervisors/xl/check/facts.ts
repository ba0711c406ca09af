/** What the survey of a host (survey.sh) told: lines `NAME TEXT`. Pure. */
import { fault } from '../../../../../src/faults'

export interface Facts {
  /** The last line of that name; null: none. */
  one(name: string): string | null
  /** Every line of that name, in order. */
  all(name: string): readonly string[]
  has(name: string, text: string): boolean
}

/** Fault: 'unreachable' for what is no survey, or not a whole one. */
export function parseFacts(text: string): Facts {
  const lines = text.split('\n').map((line) => {
    const space = line.indexOf(' ')
    return space < 0 ? ([line, ''] as const) : ([line.slice(0, space), line.slice(space + 1)] as const)
  })
  const all = (name: string): readonly string[] => lines.flatMap(([is, said]) => (is === name ? [said] : []))
  if (!all('survey').includes('1') || !all('end').includes('1'))
    throw fault('unreachable', `it did not answer the survey: ${JSON.stringify(text.slice(0, 200))}`)
  return { all, one: (name) => all(name).at(-1) ?? null, has: (name, wanted) => all(name).includes(wanted) }
}
