/** A plan as places to write: of those that got one, and of those whose reasons to wait changed. Pure. */
import { beginUse, hourAt } from '../../../src/model/accounts'
import { formatClaim, type HostView, machineClaim, toldAhead } from '../../../src/model/placement'
import { sizeOf } from '../../../src/model/providers/offers'
import type { ComputePlace, ComputeRecord, Waiting } from '../../../src/model/records'
import type { Placing } from '../../../src/store/store'
import type { Placed, Plan } from '../../scheduler/place'
import { coverOf } from '../../scheduler/slots'
import type { Snapshot } from './snapshot'
import { waitsAtMost } from './waits-at-most'

export interface Placings {
  of(placed: readonly Placed[]): readonly Placing[]
  /** In the order of their turns. */
  ofLeft(left: Plan['left']): readonly Placing[]
}

export function placingsFrom({ hosts, machines, timeouts }: Snapshot, now: number): Placings {
  const records = new Map(machines.map((record) => [record.id, record]))
  const views = new Map(hosts.map((host) => [host.id, host]))
  return {
    of: (placed) =>
      placed.flatMap((one) => {
        const record = records.get(one.machine)
        const view = views.get(one.host)
        return record && view ? [onHost(record, view, one, now)] : []
      }),
    ofLeft: (left) =>
      left.flatMap(({ machine, waiting }, at) => {
        const record = records.get(machine)
        const turn = at === 0 ? {} : { ahead: toldAhead(at) }
        return record ? stillWaiting(record, { ...waiting, ...turn }, waitsAtMost(record, timeouts), now) : []
      }),
  }
}

const placing = (record: ComputeRecord, place: ComputePlace, on: Placing['on']): Placing => ({
  ref: { kind: 'compute', id: record.id },
  project: record.project,
  epoch: record.epoch,
  rev: record.rev,
  place,
  raisePhase: on !== null,
  on,
  ...(record.place.use && record.place.use.since !== place.use?.since ? { endsUse: true } : {}),
})

const currencyOf = ({ provider }: HostView) => (provider?.currency === undefined ? {} : { currency: provider.currency })

/** `slot`: of the reservation that it has a place of; `offer`: the type that it takes at a provider. */
const onHost = (record: ComputeRecord, host: HostView, { slot, offer }: Placed, now: number): Placing => {
  const price = offer && hourAt(offer, record.wish.size.diskGiB, host.provider?.prices)
  const claim = {
    ...machineClaim(record),
    ...(offer && price !== undefined ? sizeOf(offer, price) : {}),
    ...(slot ? coverOf(slot) : {}),
  }
  return placing(
    record,
    {
      ...{ host: host.id, hostName: host.name, zone: host.zone, simulated: host.simulated, at: now, waiting: null },
      ...(slot ? { reservation: { id: slot.reservation, name: slot.name, type: slot.size.type } } : {}),
      ...(offer && price !== undefined ? { offer: { type: offer.name, price, ...currencyOf(host) } } : {}),
      use: beginUse(record.wish, now),
    },
    {
      host: host.id,
      claim: formatClaim(claim),
      ...(record.wish.placementGroup ? { group: record.wish.placementGroup.id } : {}),
    },
  )
}

/** Written only when the reasons are others than those on the record, or it is given up; examples with other figures alone are none. */
function stillWaiting(
  record: ComputeRecord,
  reasons: Omit<Waiting, 'since'>,
  timeout: number | undefined,
  now: number,
): readonly Placing[] {
  const former = record.place.waiting
  // One that was given up before waits anew.
  const since = former === null || former.gaveUp !== undefined ? now : former.since
  const waiting: Waiting = { since, ...reasons }
  if (timeout !== undefined && now - since >= timeout * 1000) {
    const gaveUp = { at: now, afterSeconds: timeout, retries: record.wish.retries }
    return [{ ...placing(record, { ...record.place, waiting: { ...waiting, gaveUp } }, null), raisePhase: true }]
  }
  if (former !== null && former.gaveUp === undefined && told(former) === told(waiting)) return []
  return [placing(record, { ...record.place, waiting }, null)]
}

const told = ({ reasons, wouldFit, ahead }: Waiting): string =>
  JSON.stringify([Object.entries(reasons).sort(), wouldFit, ahead])
