import { join } from 'node:path'
import { deedsIn } from '../guard/deeds-in'

/**
 * The deeds of networks for `openGuardedHost({ deeds })`. A hypervisor's come after them: it defines `network_users` anew and
 * calls `network_up NAME` before it starts a machine (host/10-networks.sh).
 */
export const networkDeeds = (): readonly string[] => deedsIn(join(__dirname, 'host'))
