/** What commands print: tables for people, JSON for programs. */
import Table from 'cli-table3'
import { fault } from '../faults'

type Cell = string | number | boolean | null | undefined

const NO_BORDERS = {
  ...{ top: '', 'top-mid': '', 'top-left': '', 'top-right': '', bottom: '', 'bottom-mid': '', 'bottom-left': '' },
  ...{ 'bottom-right': '', left: '', 'left-mid': '', mid: '', 'mid-mid': '', right: '', 'right-mid': '', middle: '  ' },
}

/** What owners and providers say comes to an operator's terminal, which does what control characters tell it: of those only ends of lines and tabs stay. */
export const harmless = (text: string): string => text.replaceAll(/(?![\n\t]|\r\n)\p{Cc}/gu, '\u{fffd}')

/** The same of what is within a line. */
const shown = (cell: Cell): string => {
  if (cell === null || cell === undefined || cell === '') return '-'
  if (typeof cell === 'boolean') return cell ? 'yes' : 'no'
  return harmless(String(cell)).replaceAll(/[\r\n\t]/g, '\u{fffd}')
}

/** For programs, and as harmless to a terminal: JSON escapes but the first of two sets of control characters. */
export const asJson = (found: unknown): string =>
  `${JSON.stringify(found, null, 2)}\n`.replaceAll(
    /[\u007f-\u009f]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )

/** Rows under headings; `none` when there are no rows. */
export function table(head: readonly string[], rows: readonly (readonly Cell[])[], none: string): string {
  if (rows.length === 0) return `${none}\n`
  const drawn = new Table({
    head: head.map((title) => title.toUpperCase()),
    chars: NO_BORDERS,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  })
  for (const row of rows) drawn.push(row.map(shown))
  return `${drawn
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')}\n`
}

/** One thing: its fields below each other. */
export function fields(pairs: Readonly<Record<string, Cell>>): string {
  const width = Math.max(...Object.keys(pairs).map((name) => name.length))
  return Object.entries(pairs)
    .map(([name, value]) => `${name.padEnd(width)}  ${shown(value)}\n`)
    .join('')
}

/** ms since 1970 as UTC, for people. */
export const time = (ms: number | null | undefined): string =>
  ms ? `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')}Z` : '-'

/** An option that is a number; undefined when it is not given. Faults: 'unknown-field' (wrong usage) for what is none. */
export function amountIn(option: string, given: string | true | undefined): number | undefined {
  if (given === undefined) return undefined
  if (!/^\d{1,9}$/.test(String(given))) throw fault('unknown-field', `--${option}: "${given}" is no whole number`)
  return Number(given)
}

/** MiB as people say it. */
export const memory = (mib: number): string => (mib % 1024 === 0 ? `${mib / 1024} GiB` : `${mib} MiB`)

/** Seconds as people say them: the two largest units. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds))
  if (whole < 60) return `${whole} s`
  if (whole < 3600) return `${Math.floor(whole / 60)} min`
  if (whole < 86_400) return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`
  return `${Math.floor(whole / 86_400)} d ${Math.floor((whole % 86_400) / 3600)} h`
}

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const

/** Bytes in the unit in which they are a short number. */
export function bytes(amount: number): string {
  const power = Math.min(UNITS.length - 1, amount < 1 ? 0 : Math.floor(Math.log2(amount) / 10))
  return `${(amount / 1024 ** power).toFixed(power === 0 ? 0 : 1)} ${UNITS[power]}`
}
