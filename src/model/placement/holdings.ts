/** What reservations hold on hosts: read from hosts' claims, and changed there. Pure. */

import type { HostRecord } from '../host-records'
import type { HostId, ProjectId, ReservationId } from '../ids'
import type { ReservationRecord } from '../reservation-records'
import { formatClaim, type Held, type HostClaim, parseClaim } from './claims'
import { type HostToView, hostViews } from './demand'

export interface ClaimedHost extends HostToView {
  readonly record: HostRecord
  readonly revision: number
  readonly byId: Readonly<Record<string, HostClaim>>
}

/** Claims as the store tells them. */
interface Told {
  readonly revision: number
  readonly claims: Readonly<Record<string, string>>
}

/** `told`: in the order of the hosts. */
export const claimedHostsOf = (
  hosts: readonly HostRecord[],
  told: readonly (Told | undefined)[],
): readonly ClaimedHost[] =>
  hosts.map((record, at) => {
    const { revision = 0, claims = {} } = told[at] ?? {}
    return { record, revision, ...parsedOf(claims) }
  })

type Parsed = Pick<ClaimedHost, 'byId' | 'claims'>

const known = new WeakMap<Told['claims'], Parsed>()

/** Found out once for each: who keeps claims gives the same object until one of them changes. */
function parsedOf(claims: Told['claims']): Parsed {
  const before = known.get(claims)
  if (before) return before
  const byId = Object.fromEntries(Object.entries(claims).map(([id, text]) => [id, parseClaim(text)]))
  const parsed = { byId, claims: Object.values(byId) }
  known.set(claims, parsed)
  return parsed
}

export interface Holding {
  readonly host: ClaimedHost
  readonly claim: HostClaim & { readonly held: Held }
  /** Places that have a machine. */
  readonly used: number
}

/** Where its places are. */
export const holdingsOf = (id: ReservationId, hosts: readonly ClaimedHost[]): readonly Holding[] =>
  hosts.flatMap((host) => {
    const { held, ...size } = host.byId[id] ?? {}
    if (held === undefined) return []
    const claim = { ...size, held } as Holding['claim']
    return [{ host, claim, used: host.claims.filter(({ covers }) => covers === id).length }]
  })

/** The same hosts, one of them with another claim under that id; null: none any more. */
export const withClaim = (
  hosts: readonly ClaimedHost[],
  on: HostId,
  id: string,
  claim: HostClaim | null,
): readonly ClaimedHost[] =>
  hosts.map((host) => {
    if (host.record.id !== on) return host
    const { [id]: _former, ...others } = host.byId
    const byId = claim === null ? others : { ...others, [id]: claim }
    return { ...host, byId, claims: Object.values(byId) }
  })

/** What it claims on a host. */
export const claimFor = (
  { id, project, wish }: Pick<ReservationRecord, 'id' | 'project' | 'wish'>,
  slots: number,
): HostClaim => ({
  ...wish.size,
  held: {
    reservation: id,
    name: wish.name,
    project: project ?? ('' as ProjectId),
    match: wish.match,
    slots,
    from: wish.startsAt,
    until: wish.endsAt,
  },
})

/** A claim to write, as the store's `Reclaim`. */
export interface NewClaim {
  readonly host: HostId
  readonly revision: number
  readonly compute: ReservationId
  readonly claim: string
  readonly begins: true
}

/** What of its claims differs, host by host, against the revisions that were read; '': it ends. */
export function differing(
  id: ReservationId,
  before: readonly ClaimedHost[],
  after: readonly ClaimedHost[],
): readonly NewClaim[] {
  return after.flatMap((host, at): readonly NewClaim[] => {
    const [was, is] = [before[at]?.byId[id], host.byId[id]]
    if (JSON.stringify(was) === JSON.stringify(is)) return []
    const claim = is === undefined ? '' : formatClaim(is)
    return [{ host: host.record.id, revision: host.revision, compute: id, claim, begins: true }]
  })
}

/** Whether more is taken on one of its hosts than there is: somebody is to give way, and has not yet. */
export function isCrowded(id: ReservationId, hosts: readonly ClaimedHost[], now: number): boolean {
  const its = holdingsOf(id, hosts).map(({ host }) => host)
  return hostViews(its, now).some(({ free }) => free.cpuHundredths < 0 || free.memoryMiB < 0)
}
