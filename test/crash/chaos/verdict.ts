/** What must hold when all is calm again, as a list of everything that does not: empty is good. */
import type { Instance } from '@aws-sdk/client-ec2'
import type { Snapshot } from '../../../workers/drivers/simulator/snapshot'
import type { Asked } from './tenant'

/** Where each machine of ours is, and in which state, by the hosts' own account. */
function byMachine(snapshot: Snapshot): ReadonlyMap<string, readonly { host: string; domain: string }[]> {
  const found = new Map<string, { host: string; domain: string }[]>()
  for (const host of snapshot.hosts)
    for (const [name, { sighting, departed }] of Object.entries(host.resources)) {
      const empty = sighting.domain === 'absent' && sighting.disks.length === 0
      if (departed || empty || !name.startsWith('i-')) continue
      found.set(name, [...(found.get(name) ?? []), { host: host.name, domain: sighting.domain }])
    }
  return found
}

/** Every machine is as its owner last asked, once, on one host; nothing acknowledged is missing, nothing else is there. */
export function complaints(
  asked: ReadonlyMap<string, Asked>,
  shown: ReadonlyMap<string, Instance>,
  snapshot: Snapshot,
): readonly string[] {
  const wrong: string[] = []
  const places = byMachine(snapshot)
  for (const [id, state] of asked) {
    const at = places.get(id) ?? []
    const ec2 = shown.get(id)?.State?.Name
    if (ec2 !== state)
      wrong.push(`${id}: asked ${state}, EC2 shows ${ec2 ?? 'nothing'} (${shown.get(id)?.StateReason?.Message ?? ''})`)
    if (state === 'terminated') {
      if (at.length > 0) wrong.push(`${id}: terminated, but left on ${at.map((place) => place.host).join(', ')}`)
      continue
    }
    const domain = state === 'running' ? 'running' : 'off'
    if (at.length !== 1) wrong.push(`${id}: is on ${at.length} hosts (${at.map((place) => place.host).join(', ')})`)
    else if (at[0]?.domain !== domain) wrong.push(`${id}: asked ${state}, its domain is ${at[0]?.domain}`)
  }
  for (const id of places.keys()) if (!asked.has(id)) wrong.push(`${id}: nobody ordered it`)
  for (const id of shown.keys()) if (!asked.has(id)) wrong.push(`${id}: shown, but never acknowledged`)
  for (const { name, used, capacity } of snapshot.hosts)
    if (
      used.cpuHundredths > capacity.cpuHundredths ||
      used.memoryMiB > capacity.memoryMiB ||
      used.diskGiB > capacity.diskGiB
    )
      wrong.push(`${name}: over capacity: ${JSON.stringify(used)} of ${JSON.stringify(capacity)}`)
  return wrong
}
