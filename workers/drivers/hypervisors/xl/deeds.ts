import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const FOLDER = join(__dirname, 'host')

/** The deeds of machines on Xen hosts for `openGuardedHost({ deeds })`; those of disks and networks come before them. */
export const xlDeeds = (): readonly string[] =>
  readdirSync(FOLDER)
    .filter((name) => name.endsWith('.sh'))
    .sort()
    .map((name) => readFileSync(join(FOLDER, name), 'utf8'))
