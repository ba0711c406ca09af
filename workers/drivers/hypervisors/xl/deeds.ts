import { join } from 'node:path'
import { deedsIn } from '../../guard/deeds-in'

/** The deeds of machines on Xen hosts for `openGuardedHost({ deeds })`; those of disks and networks come before them. */
export const xlDeeds = (): readonly string[] => deedsIn(join(__dirname, 'host'))
