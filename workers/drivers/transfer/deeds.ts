import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const FOLDER = join(__dirname, 'host')

/**
 * The deeds of disks for `openGuardedHost({ deeds })`, in order; a hypervisor's come after them and may define `disk_holder`,
 * `disk_freeze`, `disk_still` and `disk_thaw` anew (host/10-backends.sh). Another backend is another file `host/2?-backend-*.sh`.
 */
export const diskDeeds = (): readonly string[] =>
  readdirSync(FOLDER)
    .filter((name) => name.endsWith('.sh'))
    .sort()
    .map((name) => readFileSync(join(FOLDER, name), 'utf8'))
