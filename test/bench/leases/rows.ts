/** The rows of the table: each configuration at each share of reservations. */
import { CONFIGURATIONS, type Configuration } from './configurations'

export const PERCENTS = [10, 20, 30] as const

export interface Row {
  readonly configuration: Configuration
  /** Which of the shares. */
  readonly at: 0 | 1 | 2
}

const ROWS = CONFIGURATIONS.flatMap((configuration, number) =>
  ([0, 1, 2] as const).map((at) => ({ names: [`${number}`, `${number}:${PERCENTS[at]}`], row: { configuration, at } })),
)

/**
 * Those that the words name: a configuration by its number, or one row of it as `4:30`; without words all. Throws an Error that names
 * the rows there are where a word names none.
 */
export function rowsNamed(words: readonly string[]): Row[] {
  const unknown = words.find((word) => !ROWS.some(({ names }) => names.includes(word)))
  if (unknown !== undefined) throw new Error(`no row ${unknown}; there are ${described()}`)
  const isNamed = ({ names }: (typeof ROWS)[number]) => words.length === 0 || names.some((name) => words.includes(name))
  return ROWS.filter(isNamed).map(({ row }) => row)
}

const described = (): string =>
  `${CONFIGURATIONS.map(({ name }, number) => `${number} (${name})`).join(', ')}, each also at one of the shares ${PERCENTS.join(', ')}: 0:${PERCENTS[0]}`
