/** Reads the tables of a page of docs/. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export const DOCS = join(__dirname, '..', '..', 'docs')

/** The whole text of a page. */
export const page = (name: string): string => readFileSync(join(DOCS, name), 'utf8')

/** Cells of all rows of all tables whose first heading is that; ticks are taken off. */
export const rows = (name: string, heading: string): readonly (readonly string[])[] => {
  const found: string[][] = []
  let inside: 'no' | 'head' | 'body' = 'no'
  for (const line of page(name).split('\n')) {
    if (!line.startsWith('|')) inside = 'no'
    else {
      const cells = line
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim())
      if (inside === 'body' && !/^-+$/.test(cells[0] ?? '')) found.push(cells)
      if (inside === 'no') inside = cells[0] === heading ? 'body' : 'head'
    }
  }
  return found
}

/** The first column, without its ticks. */
export const names = (name: string, heading: string): readonly string[] =>
  rows(name, heading).map(([first = '']) => first.replaceAll('`', ''))
