import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const FOLDER = join(__dirname, 'host')

/**
 * The deeds of networks for `openGuardedHost({ deeds })`. A hypervisor's come after them: it defines `network_users` anew and
 * calls `network_up NAME` before it starts a machine (host/10-networks.sh).
 */
export const networkDeeds = (): readonly string[] =>
  readdirSync(FOLDER)
    .filter((name) => name.endsWith('.sh'))
    .sort()
    .map((name) => readFileSync(join(FOLDER, name), 'utf8'))
