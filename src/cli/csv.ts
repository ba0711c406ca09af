/** Rows as comma-separated values (RFC 4180): for spreadsheets, which take a cell that begins with `=`, `+`, `-` or `@` for a formula. */
type Cell = string | number | null

const FORMULA = /^[=+\-@\t\r]/

function cell(value: Cell): string {
  if (value === null) return ''
  if (typeof value === 'number') return String(value)
  // A number that is told as a text stays one.
  const safe = FORMULA.test(value) && Number.isNaN(Number(value)) ? `'${value}` : value
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

export const csv = (head: readonly string[], rows: readonly (readonly Cell[])[]): string =>
  [head, ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('')
