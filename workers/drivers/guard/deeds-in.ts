import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The deeds that lie in a folder, one `.sh` file after the other, for `openGuardedHost({ deeds })`. */
export const deedsIn = (folder: string): readonly string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.sh'))
    .sort()
    .map((name) => readFileSync(join(folder, name), 'utf8'))
