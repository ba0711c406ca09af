/** Writing what the holder of a claim saw: scripts/observe.lua. */
import { randomUUID } from 'node:crypto'
import { monthOf } from '../model/providers/money'
import { integer } from './reply'
import { encode, listed, loadScript, runScript, type Site } from './script'
import type { Claim, Observation } from './store'

const script = loadScript('observe')

/** By epoch alone; false: a newer claim came, nothing was written. Counters' limits are not looked at. */
export async function observe(site: Site, claim: Claim, observation: Observation, now: number): Promise<boolean> {
  const { ref, epoch } = claim
  const { seen, journal, giveUpPlace } = observation
  const waits = giveUpPlace?.wait ?? observation.waits
  const args = [
    ...[ref.kind, ref.id, epoch.era, epoch.number],
    randomUUID(), // one per call: the call sent again after a lost reply counts once
    now,
    observation.what,
    observation.raisePhase === true,
    ...[seen !== undefined, encode(seen), journal !== undefined, encode(journal)],
    ...(giveUpPlace ? [giveUpPlace.host, encode(giveUpPlace.place)] : ['', '']),
    waits ?? '',
    ...listed(observation.counters, (c) => [c.project, c.name, c.by]),
    ...listed(observation.releases, (r) => [r.hash, r.field]),
    monthOf(now),
    ...listed(observation.used, (one) => [encode(one)]),
  ]
  return integer(await runScript(site, script, args)) === 1
}
