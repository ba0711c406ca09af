/** Things that may happen once, by number: scripts/use-once.lua. A lost reply makes the second run a refusal, never a second use. */
import { loadScript, runScript, type Site } from './script'

const script = loadScript('use-once')

/** False when the n-th use of it happened before. `what` is drawn by us; `n` is a few thousand at most: each costs a bit. */
export const useOnce = async (site: Site, what: string, n: number, knownForMs: number): Promise<boolean> =>
  (await runScript(site, script, [what, n, knownForMs])) === 1
