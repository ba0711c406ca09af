/**
 * The last look at a plan before it is written: each of its steps is taken on the hosts' claims as they are, and left out where it
 * would promise a host twice, or to somebody beside one who is to be alone there, or where what begins now has no room in fact. By
 * these claims all others decide, reservations too: so what was accepted is never broken by a lease, whatever the plan says.
 */
import type { HostId } from '../../../src/model/ids'
import {
  type ClaimedHost,
  type HostClaim,
  type HostView,
  isIntruded,
  isOverbooked,
  less,
  takenNow,
} from '../../../src/model/placement'
import type { LeaseStep, Written } from './steps'

type Claims = Readonly<Record<string, HostClaim>>

export interface Kept {
  readonly taken: readonly LeaseStep[]
  /** They begin as soon as their places are free. */
  readonly delayed: readonly LeaseStep[]
}

export function keepPromises(
  steps: readonly LeaseStep[],
  hosts: readonly ClaimedHost[],
  { views, now }: { readonly views: ReadonlyMap<HostId, HostView>; readonly now: number },
): Kept {
  const claims = new Map<HostId, Claims>(hosts.map(({ record, byId }) => [record.id, byId]))
  const taken: LeaseStep[] = []
  const delayed: LeaseStep[] = []
  for (const step of steps) {
    const after = changedBy(step, claims)
    const holds = [...after].every(([host, changed]) => {
      const view = views.get(host)
      const before = Object.values(claims.get(host) ?? {})
      const all = Object.values(changed)
      // Of a host that is not there any more, what was promised is only taken off.
      if (!view) return !promisesOn(step, host)
      const isSound =
        (!isOverbooked(view.usable, all, now) || isOverbooked(view.usable, before, now)) &&
        (!isIntruded(all) || isIntruded(before))
      return isSound && (!beginsOn(step, host) || (view.answers && hasRoom(view, all, now)))
    })
    if (holds) {
      for (const [host, changed] of after) claims.set(host, changed)
      taken.push(step)
    } else delayed.push(step)
  }
  return { taken, delayed }
}

const beginsOn = ({ machines }: LeaseStep, host: HostId): boolean => machines.some(({ on }) => on?.host === host)

const promisesOn = ({ machines }: LeaseStep, host: HostId): boolean =>
  machines.some(
    ({ on, promises }) => on?.host === host || promises.some((one) => one.host === host && one.claim !== null),
  )

const hasRoom = ({ usable }: HostView, claims: readonly HostClaim[], now: number): boolean => {
  const free = less(usable, takenNow(claims, now))
  return free.cpuHundredths >= 0 && free.memoryMiB >= 0 && free.diskGiB >= 0
}

/** What its hosts' claims are after it. */
function changedBy({ machines }: LeaseStep, claims: ReadonlyMap<HostId, Claims>): ReadonlyMap<HostId, Claims> {
  const after = new Map<HostId, Claims>()
  const write = ({ host, key, claim }: Written): void => {
    const { [key]: _former, ...others } = after.get(host) ?? claims.get(host) ?? {}
    after.set(host, claim === null ? others : { ...others, [key]: claim })
  }
  for (const { record, on, promises } of machines) {
    promises.forEach(write)
    if (on) write({ host: on.host, key: record.id, claim: on.claim })
  }
  return after
}
