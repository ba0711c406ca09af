/**
 * Whether there is room for an order's lease over its time, by what is promised now: what has none is refused at once, as a reservation
 * is. Nothing is held by this. Whoever is first is decided by placement, which refuses the later of two that had room when they were ordered.
 */
import { fault } from '../../faults'
import type { ComputeId } from '../../model/ids'
import { hasTerms } from '../../model/lease'
import {
  type ClaimedHost,
  type Demand,
  type HostView,
  hostView,
  type LeaseAsk,
  lastingOf,
  leaseRoom,
  leftFor,
  othersOn,
  servedBy,
  staying,
  takesLeases,
  WHERE_FILTERS,
} from '../../model/placement'
import type { Caller, Context } from '../context'
import type { RunOrder } from '../operations'
import { claimedHosts } from '../reservations/hosts'
import type { Asked } from './ever-fits'

/** Hosts that are looked at before all others. */
const FIRST = 16

/** Faults: 'no-capacity' naming the start or the deadline, with when there is no room and what would fit. */
export async function checkLeaseRoom(
  context: Context,
  caller: Caller,
  { lease, minCount, hosting }: RunOrder,
  { size, zone, preference, mode }: Asked,
): Promise<void> {
  if (!hasTerms(lease) || (lease.start === undefined && lease.deadline === undefined)) return
  const now = context.clock.now()
  const lasting = lastingOf(preference)
  const demand: Demand = {
    ...{ id: '' as ComputeId, size, zone, avoid: [], project: caller.project },
    ...(hosting ? { hosting } : {}),
    ...(lasting ? { preference: lasting } : {}),
    ...(mode ? { mode } : {}),
  }
  const claimed = await claimedHosts(context)
  // Machines with a deadline that are in no group may run one after another.
  const count = lease.group?.members ?? (lease.deadline === undefined ? minCount : 1)
  const ask: LeaseAsk = { size, count, lease }
  // More hosts never have less room: most orders fit on the first ones.
  let hosts: readonly Serving[] = []
  for (let from = 0, to = FIRST; from < claimed.length; from = to, to *= 4) {
    hosts = [...hosts, ...servingOf(demand, { hosts: claimed, from, to }, now)]
    const plain = hosts.map(({ host, view }) => ({ view, claims: host.claims.map(staying) }))
    if (leaseRoom(ask, plain, now).state === 'fits') return
  }
  const ids = hosts.flatMap(({ host }) => othersOn(host, now))
  const found = ids.length === 0 ? [] : await context.store.readMany('compute', [...new Set(ids)])
  const others = new Map(found.flatMap((record) => (record ? [[record.id as string, record]] : [])))
  const most = hosts.map(({ host, view }) => ({
    view,
    claims: leftFor(lease, { ...host, usable: view.usable }, others, now),
  }))
  const room = leaseRoom(ask, most, now)
  if (room.state === 'fits') return
  const whom = ask.count === 1 ? 'such a machine' : `${ask.count} of such machines`
  const wouldFit = hosts.length === 0 ? 'no host on which it may be takes leases at present' : room.wouldFit
  const said = wouldFit === '' ? '' : `: ${wouldFit}`
  throw fault('no-capacity', `there is no room for ${whom} ${room.when} that is not promised to others${said}`, {
    field: `lease.${lease.deadline === undefined ? 'start' : 'deadline'}`,
  })
}

interface Serving {
  readonly host: ClaimedHost
  readonly view: HostView
}

interface Some {
  readonly hosts: readonly ClaimedHost[]
  readonly from: number
  readonly to: number
}

/** Of some of all hosts those on which the planner may put it. */
function servingOf(demand: Demand, { hosts, from, to }: Some, now: number): readonly Serving[] {
  const served = servedBy(hosts.map(({ record }) => record))
  return hosts.slice(from, to).flatMap((host) => {
    const view = hostView(host, served, now)
    const isOne =
      takesLeases(host.record, view, now) && WHERE_FILTERS.every((filter) => filter.admits(demand, view) === true)
    return isOne ? [{ host, view }] : []
  })
}
