/** Writing an intent before its effect: scripts/intend.lua. */
import { integer } from './reply'
import { encode, loadScript, runScript, type Site } from './script'
import type { Claim } from './store'

const script = loadScript('intend')

/** By epoch and generation; false: a newer claim or wish came, nothing was written. */
export async function intend(site: Site, claim: Claim, journal: unknown, now: number): Promise<boolean> {
  const { ref, epoch, generation } = claim
  const args = [ref.kind, ref.id, epoch.era, epoch.number, generation, encode(journal), now]
  return integer(await runScript(site, script, args)) === 1
}
