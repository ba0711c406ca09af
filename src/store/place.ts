/** Writing places and claims: scripts/place.lua. */
import { fault } from '../faults'
import { monthOf } from '../model/providers/money'
import { checkedId } from './check'
import type { ClaimsWritten } from './kept-hosts'
import { strings } from './reply'
import { type Argument, encode, listed, loadScript, runScript, type Site } from './script'
import type { Claim, PlacedGroup, PlaceHow, Placing, PromisedClaim, Store } from './store'

const script = loadScript('place')

/**
 * 'superseded': a newer placement claim exists; 'moved': that host changed since it was read. Either way nothing was
 * written. The host is '' where the part before was not written. 'internal' when a placing goes to a host whose revision is not named.
 */
export async function place(
  site: Site,
  claim: Claim<'placement'>,
  hosts: readonly { readonly host: string; readonly revision: number }[],
  placings: readonly Placing[],
  now: number,
  groups: readonly PlacedGroup[] = [],
  freed: readonly PromisedClaim[] = [],
  { part, after, order }: PlaceHow = {},
): ReturnType<Store['place']> {
  const named = new Set(hosts.map(({ host }) => host))
  const promises = [
    ...placings.flatMap(({ ref, promises: some = [] }) => some.map((one) => ({ ...one, of: ref.id }))),
    ...freed.map((one) => ({ ...one, of: '' })),
  ]
  for (const { host } of [...placings.flatMap(({ on }) => on ?? []), ...promises])
    if (!named.has(host)) throw fault('internal', `a machine is placed on a host that was not read: ${host}`)
  const args = [
    ...[claim.epoch.era, claim.epoch.number, now, after ?? '', part ?? '', order === 'one-on-another'],
    ...listed(hosts, ({ host, revision }) => [checkedId(host), revision]),
    ...written(placings),
    ...listed(groups, ({ group, revision, whole }) => [checkedId(group), revision, whole === true]),
    ...listed(
      placings.flatMap(({ ref, together }) => (together === undefined ? [] : [[ref.id, together] as const])),
      (pair) => pair,
    ),
    ...listed(promises, ({ of, host, key, claim }) => [of, host, checkedId(key), claim]),
    monthOf(now),
  ]
  const [state, first = '', placed = ''] = strings(await runScript(site, script, args))
  if (state === 'superseded') return { state }
  if (state === 'moved') return { state, host: first }
  return { state: 'done', placed: placed === '' ? [] : placed.split(' '), ...(first === '' ? {} : { stopped: first }) }
}

/**
 * One list of them all: thousands of small ones would have to be collected again. What is short of each is one text, for an argument
 * costs both sides more than its characters.
 */
function written(placings: readonly Placing[]): Argument[] {
  const args: Argument[] = [placings.length]
  for (const { ref, epoch, rev, place: to, raisePhase, on, waits, endsUse } of placings) {
    const { era, number } = epoch
    const where = `${on?.host ?? ''} ${on?.group === undefined ? '' : checkedId(on.group)}`
    const flags = `${waits === true ? 1 : 0} ${endsUse === true ? 1 : 0}`
    const short = `${ref.kind} ${checkedId(ref.id)} ${era} ${number} ${rev} ${raisePhase ? 1 : 0} ${where} ${flags}`
    args.push(short, encode(to), on?.claim ?? '')
  }
  return args
}

/**
 * What the script left claimed on hosts, beside what was claimed there at the revision that was named. Hosts of which more changed
 * than places of machines, or maybe nothing, are not among them.
 */
export function claimsWritten(
  hosts: readonly { readonly host: string; readonly revision: number }[],
  placings: readonly Placing[],
  placed: readonly string[],
  freed: readonly PromisedClaim[] = [],
): readonly ClaimsWritten[] {
  const done = new Set(placed)
  const unsure = new Set([...placings.flatMap(({ promises = [] }) => promises), ...freed].map(({ host }) => host))
  const added = new Map<string, Record<string, string>>()
  for (const { ref, on } of placings) {
    if (!on || !done.has(ref.id)) continue
    const claims = added.get(on.host) ?? {}
    claims[ref.id] = on.claim
    added.set(on.host, claims)
  }
  return hosts.flatMap(({ host, revision }) => {
    const claims = unsure.has(host) ? undefined : added.get(host)
    return claims ? [{ host, revision, claims }] : []
  })
}
