/** Writing places and claims: scripts/place.lua. */
import { fault } from '../faults'
import { monthOf } from '../model/providers/money'
import { checkedId } from './check'
import { strings } from './reply'
import { encode, listed, loadScript, runScript, type Site } from './script'
import type { Claim, PlacedGroup, Placing, PromisedClaim, Store } from './store'

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
  freed: readonly PromisedClaim[] = [],
): ReturnType<Store['place']> {
  const named = new Set(hosts.map(({ host }) => host))
  const promises = [
    ...placings.flatMap(({ ref, promises: some = [] }) => some.map((one) => ({ ...one, of: ref.id }))),
    ...freed.map((one) => ({ ...one, of: '' })),
  ]
  for (const { host } of [...placings.flatMap(({ on }) => on ?? []), ...promises])
    if (!named.has(host)) throw fault('internal', `a machine is placed on a host that was not read: ${host}`)
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
    ...listed(
      placings.flatMap(({ ref, together }) => (together === undefined ? [] : [[ref.id, together] as const])),
      (pair) => pair,
    ),
    ...listed(promises, ({ of, host, key, claim }) => [of, host, checkedId(key), claim]),
    monthOf(now),
  ]
  const [state, ...rest] = strings(await runScript(site, script, args))
  if (state === 'superseded') return { state }
  if (state === 'moved') return { state, host: rest[0] ?? '' }
  return { state: 'done', placed: rest }
}
