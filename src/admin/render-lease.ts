/** What an operator sees of a machine's lease: its terms, what is promised to it and where, and what it waits for. */
import type { HostId } from '../model/ids'
import { endOf } from '../model/lease'
import { isoOf, type Terms, writtenTerms } from '../model/lease-terms'
import type { ComputeRecord } from '../model/records'

export interface ShownLease extends Omit<Terms, 'members'> {
  readonly members?: number
  /** Stretches that are promised and have not begun, first to last. `host`: its name. */
  readonly booked: readonly {
    readonly host: string
    readonly from: string
    readonly run: string
    readonly stop: string | null
    readonly to: string | null
  }[]
  /** Seconds that it ran before its present stretch. */
  readonly ran: number
  /** When its present stretch is over; null: it has none, or that has no end. */
  readonly ends: string | null
  /** What it waits for, the earliest start as it is planned now, and how many are before it; null: it waits for nothing. */
  readonly waits: { readonly says: string; readonly at: string | null; readonly ahead: number } | null
}

const maybe = (at: number | null | undefined): string | null => (at === null || at === undefined ? null : isoOf(at))

/** null: it has no terms. `hostName`: undefined for a host that is gone. */
export function showLease(
  { wish, place }: Pick<ComputeRecord, 'wish' | 'place'>,
  hostName: (id: HostId) => string | undefined,
): ShownLease | null {
  if (wish.lease === undefined) return null
  const { members, ...terms } = writtenTerms(wish.lease)
  const { lease, ahead = 0 } = place.waiting ?? {}
  return {
    ...terms,
    ...(members === undefined ? {} : { members: Number(members) }),
    booked: (place.lease?.booked ?? []).map(({ host, from, run, stop, to }) => ({
      host: hostName(host) ?? host,
      ...{ from: isoOf(from), run: isoOf(run), stop: maybe(stop), to: maybe(to) },
    })),
    ran: Math.round(place.lease?.ran ?? 0),
    ends: maybe(endOf({ wish, place })),
    waits: lease === undefined ? null : { says: lease.says, at: maybe(lease.at), ahead },
  }
}
