/** The guard's text for a host: its parts in host/*.sh with a driver's deeds between them, named by the hash of the whole. */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export interface Script {
  readonly text: string
  /** SHA-256 of the text, hex: what it is called on the host. */
  readonly version: string
}

const FOLDER = join(__dirname, 'host')
/** Takes the call apart and does it: everything else is defined before it. */
const LAST = '90-main.sh'

const part = (name: string): string => readFileSync(join(FOLDER, name), 'utf8')

const named = (text: string): Script => ({ text, version: createHash('sha256').update(text).digest('hex') })

/** Puts a guard together. */
export function assemble(deeds: readonly string[]): Script {
  const parts = readdirSync(FOLDER)
    .filter((name) => /^\d\d-.*\.sh$/.test(name) && name !== LAST)
    .sort()
  return named([...parts.map(part), ...deeds, part(LAST)].join('\n'))
}

/** The way in, which stays the same over versions of the guard. */
export const enterScript = (): Script => named(part('enter.sh'))
