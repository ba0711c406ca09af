import { join } from 'node:path'
import { deedsIn } from '../guard/deeds-in'

/**
 * The deeds of disks for `openGuardedHost({ deeds })`, in order; a hypervisor's come after them and may define `disk_holder`,
 * `disk_freeze`, `disk_still` and `disk_thaw` anew (host/10-backends.sh). Another backend is another file `host/2?-backend-*.sh`.
 */
export const diskDeeds = (): readonly string[] => deedsIn(join(__dirname, 'host'))
