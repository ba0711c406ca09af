/** Putting records on the agenda at once: scripts/wake.lua. */
import type { Ref } from '../model/ids'
import { refArguments } from './check'
import { listed, loadScript, runScript, type Site } from './script'

const script = loadScript('wake')

/** Those that exist; the rest is left out. */
export async function wake(site: Site, refs: readonly Ref[], now: number): Promise<void> {
  if (refs.length > 0) await runScript(site, script, [now, ...listed(refs, refArguments)])
}
