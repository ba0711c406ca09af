/** Giving up a host: scripts/give-up-host.lua. */
import { integer } from './reply'
import { encode, loadScript, runScript, type Site } from './script'
import type { Claim } from './store'

const script = loadScript('give-up-host')

/** False: a newer claim came, nothing was written. Run twice, the second run is refused by the first's epoch. */
export async function giveUpHost(
  site: Site,
  { ref, epoch }: Claim<'host'>,
  seen: unknown,
  what: string,
  now: number,
): Promise<boolean> {
  const args = [ref.id, epoch.era, epoch.number, now, encode(seen), what]
  return integer(await runScript(site, script, args)) === 1
}
