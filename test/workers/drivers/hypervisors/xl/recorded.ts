/** What real tools said (test/fixtures/xen, its README says how it was recorded). */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const FOLDER = join(__dirname, '..', '..', '..', '..', 'fixtures', 'xen')

export interface Recorded {
  readonly name: string
  readonly command: string
  readonly out: string
  readonly err: string
  readonly code: number
}

export const recorded = (name: string): Recorded => {
  const part = (kind: string): string => readFileSync(join(FOLDER, `${name}.${kind}`), 'utf8')
  return { name, command: part('cmd').trim(), out: part('out'), err: part('err'), code: Number(part('rc')) }
}

/** All cases whose names begin so. */
export const recordedCases = (prefix: string): readonly Recorded[] =>
  readdirSync(FOLDER)
    .filter((file) => file.startsWith(prefix) && file.endsWith('.cmd'))
    .map((file) => recorded(file.slice(0, -'.cmd'.length)))
