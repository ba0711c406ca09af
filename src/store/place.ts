/** Writing places and claims: scripts/place.lua. */
import { fault } from '../faults'
import { monthOf } from '../model/providers/money'
import { checkedId } from './check'
import { strings } from './reply'
import { encode, listed, loadScript, runScript, type Site } from './script'
import type { Claim, PlacedGroup, Placing, Store } from './store'

const script = loadScript('place')

/**
 * 'superseded': a newer placement claim exists; 'moved': that host changed since it was read. Either way nothing was
 * written. 'internal' when a placing goes to a host whose revision is not named.
 */
export async function place(
  site: Site,
  claim: Claim<'placement'>,
  hosts: readonly { readonly host: string; readonly revision: number }[],
  placings: readonly Placing[],
  now: number,
  groups: readonly PlacedGroup[] = [],
): ReturnType<Store['place']> {
  const named = new Set(hosts.map(({ host }) => host))
  for (const { on } of placings)
    if (on && !named.has(on.host))
      throw fault('internal', `a machine is placed on a host that was not read: ${on.host}`)
  const args = [
    ...[claim.epoch.era, claim.epoch.number, now],
    ...listed(hosts, ({ host, revision }) => [checkedId(host), revision]),
    ...listed(placings, (p) => [
      ...[p.ref.kind, p.ref.id, p.epoch.era, p.epoch.number, p.rev, encode(p.place), p.raisePhase],
      ...(p.on ? [p.on.host, p.on.claim, p.on.group ?? ''] : ['', '', '']),
      p.waits === true,
      p.endsUse === true,
    ]),
    ...listed(groups, ({ group, revision, whole }) => [checkedId(group), revision, whole === true]),
    monthOf(now),
  ]
  const [state, ...rest] = strings(await runScript(site, script, args))
  if (state === 'superseded') return { state }
  if (state === 'moved') return { state, host: rest[0] ?? '' }
  return { state: 'done', placed: rest }
}
