/** Ending a claim's work on the agenda: scripts/settle.lua. */
import { integer } from './reply'
import { loadScript, runScript, type Site } from './script'
import type { Claim } from './store'

const script = loadScript('settle')

/** Looks again at `next` (ms), or not (null); 'due' when somebody claimed, wished or woke since the claim. */
export async function settle(site: Site, claim: Claim, next: number | null, now: number): Promise<'settled' | 'due'> {
  const { ref, epoch, generation, wakes } = claim
  const args = [ref.kind, ref.id, epoch.era, epoch.number, generation, wakes, next ?? '', now]
  return integer(await runScript(site, script, args)) === 1 ? 'settled' : 'due'
}
