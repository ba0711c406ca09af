/** Removing a record that is gone for good: scripts/forget.lua. */
import { integer } from './reply'
import { listed, loadScript, runScript, type Site } from './script'
import type { Claim } from './store'

const script = loadScript('forget')

/** By epoch and generation; false: a newer claim or wish came, or it was forgotten already. */
export async function forget(
  site: Site,
  claim: Claim,
  releases: readonly { readonly hash: string; readonly field: string }[],
  now: number,
): Promise<boolean> {
  const { ref, epoch, generation } = claim
  const args = [
    ...[ref.kind, ref.id, epoch.era, epoch.number, generation, now],
    ...listed(releases, (r) => [r.hash, r.field]),
  ]
  return integer(await runScript(site, script, args)) === 1
}
