/**
 * Machines that come home: at a provider, replaceable by their owners' word, and there long enough. Whether a host here has room is
 * placement's to say. So many an hour at most leave each provider; what was ordered is counted in the relocation's own record.
 */
import { HOUR_MS } from '../../../src/model/durations'
import { type HostClaim, parseClaim, tiedToProvider } from '../../../src/model/placement'
import { HOME } from '../../../src/model/providers/record'
import type { ComputeRecord, Homecoming, HostRecord, Leaver } from '../../../src/model/records'
import { USUAL_PARALLEL } from '../../../src/model/records'
import type { HostClaims } from '../../../src/store/store'
import type { Leaving, MoveOrder, Relocation } from '../../scheduler/relocate'
import type { Work } from '../work'

/** A machine that is to leave, before it is known what else matters for that. */
export type Asked = Pick<Leaving, 'record' | 'cause' | 'parallel' | 'to'>

/** So many of a provider are looked at in one turn, more than come home in one; the next turn goes on behind them. */
const MOST_READ = 200

/** The last one of each provider that this process has looked at, by site: kept for the turn alone, so whoever forgets it begins with the first. */
const reached = new WeakMap<Work['store'], Map<string, string>>()

/** Those whose turn it is, of all in order. */
export function nextOf(all: readonly string[], last: string | undefined, most: number): readonly string[] {
  if (all.length <= most) return all
  const behind = last === undefined ? 0 : all.findIndex((id) => id > last)
  const from = Math.max(0, behind)
  return [...all.slice(from), ...all.slice(0, from)].slice(0, most)
}

/** Of each provider that has such machines: its turn's, and those on their way or refused before, whatever their turn. */
function turnsOf(
  store: Work['store'],
  held: readonly HostClaims[],
  providers: ReadonlyMap<string, unknown>,
  under: ReadonlySet<string>,
): readonly string[] {
  const known = reached.get(store) ?? new Map<string, string>()
  reached.set(store, known)
  return held.flatMap(({ host, claims }) => {
    if (!providers.has(host)) return []
    const all = replaceableIn(claims)
    const turn = nextOf(all, known.get(host), MOST_READ)
    const last = turn.at(-1)
    if (last === undefined) known.delete(host)
    else known.set(host, last)
    return [...new Set([...all.filter((id) => under.has(id)), ...turn])]
  })
}

/** Those that are asked whether there is room for them: none where no host of the site takes machines. `stood`: how all stood after the last turn. */
export async function readReturning(
  work: Work,
  hosts: readonly HostRecord[],
  held: readonly HostClaims[],
  stood: readonly Leaver[] = [],
): Promise<readonly Asked[]> {
  const now = work.clock.now()
  if (!hosts.some(({ wish, seen }) => wish.provider === undefined && wish.enabled && seen.contact === 'ok')) return []
  const providers = new Map(hosts.flatMap(({ id, wish }) => (wish.provider ? [[id as string, wish.provider]] : [])))
  const isUnder = ({ cause, state, refused }: Leaver) =>
    cause === 'home' && (state === 'moving' || refused !== undefined)
  const under = new Set<string>(stood.filter(isUnder).map(({ id }) => id))
  const ids = turnsOf(work.store, held, providers, under)
  const found = ids.length === 0 ? [] : await work.store.readMany('compute', ids)
  return found.flatMap((record): Asked[] => {
    const rule = providers.get(record?.place.host ?? '')?.home ?? HOME
    if (!record?.wish.exists || !isReturning(record)) return []
    // One that is on its way is asked about whatever its time.
    if (record.place.moving === undefined && now - record.place.at < rule.afterMs) return []
    return [{ record, cause: 'home', parallel: USUAL_PARALLEL }]
  })
}

const isReturning = (record: ComputeRecord): boolean =>
  record.wish.burst?.replaceable === true && record.place.offer !== undefined && tiedToProvider(record) === undefined

const replaceableIn = (claims: HostClaims['claims']): readonly string[] =>
  Object.keys(claims)
    .filter((id) => (parseClaim(claims[id] ?? '{}') as Partial<HostClaim>).home === true)
    .sort()

/** How many may still leave each provider in this hour. */
export function mayComeHome(
  hosts: readonly HostRecord[],
  home: readonly Homecoming[] = [],
  now: number,
): ReadonlyMap<HostRecord['id'], number> {
  return new Map(
    hosts.flatMap(({ id, wish }) => {
      if (wish.provider === undefined) return []
      const since = home.filter(({ from, at }) => from === id && now - at < HOUR_MS).length
      return [[id, Math.max(0, (wish.provider.home ?? HOME).perHour - since)] as const]
    }),
  )
}

/** What is ordered now of those that come home by themselves: an operator who drains a provider has not their number in mind. */
export function ordersHome({ leavers, orders }: Relocation): readonly MoveOrder[] {
  const home = new Set(leavers.flatMap(({ id, cause }) => (cause === 'home' ? [id] : [])))
  return orders.filter(({ record }) => home.has(record.id))
}

/** Those of the last hour, with what is ordered now. */
export const homecomings = (
  before: readonly Homecoming[] = [],
  orders: readonly MoveOrder[],
  now: number,
): readonly Homecoming[] => [
  ...before.filter(({ at }) => now - at < HOUR_MS),
  ...orders.flatMap(({ record: { place } }) => (place.host === null ? [] : [{ from: place.host, at: now }])),
]

/** With each poll of a provider that has such machines: what has become free here by then is known. */
export async function wakeReturning(
  work: Work,
  { wish }: HostRecord,
  records: readonly ComputeRecord[],
): Promise<void> {
  if (wish.provider === undefined || !records.some(isReturning)) return
  const refs = [{ kind: 'relocation', id: 'site' } as const]
  await work.store.wake(refs, work.clock.now())
  await work.queue.add(refs)
}
