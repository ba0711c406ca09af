/** Taking what is due from the agenda: scripts/sweep.lua. */
import { parseRef, type Ref } from '../model/ids'
import { strings } from './reply'
import { loadScript, runScript, type Site } from './script'

/** An entry that was swept or claimed is due again after this long, unless its job settles it before. */
export const AGENDA_RETURN_MS = 30_000

const script = loadScript('sweep')

/** Members due now; those of kinds that this program does not know are left to newer ones. */
export async function sweep(site: Site, now: number, limit: number): Promise<readonly Ref[]> {
  const members = strings(await runScript(site, script, [now, limit, AGENDA_RETURN_MS]))
  return members.map(parseRef).filter((ref) => ref !== undefined)
}
