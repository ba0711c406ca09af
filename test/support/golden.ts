/**
 * Golden files: what a rendering printed, kept under test/golden/ and read in review.
 * `UPDATE_GOLDEN=1 npx jest <tests>` writes them anew; otherwise a difference is a failure that shows both texts.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const FOLDER = join(__dirname, '..', 'golden')

/** Compares with `test/golden/<name>`, e.g. `expectGolden('occi/compute.txt', body)`. Texts that end without a newline stay so. */
export function expectGolden(name: string, actual: string): void {
  const file = join(FOLDER, name)
  if (process.env.UPDATE_GOLDEN === '1') {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, actual)
  }
  expect({ golden: name, text: actual }).toEqual({ golden: name, text: kept(file) })
}

function kept(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return `(no such file: run UPDATE_GOLDEN=1 npx jest for it, then read ${file})`
  }
}
