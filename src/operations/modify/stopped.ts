/** What is changed only while a machine is off. */
import { fault } from '../../faults'
import type { Lifecycle } from '../../model/lifecycle'
import type { ComputeRecord } from '../../model/records'

/** Off with nothing of its memory kept: what was saved belongs to the machine as it was. */
const OFF: readonly Lifecycle[] = ['poweroff', 'undeployed']

/** Faults: 'state'. */
export function refuseUnlessOff(record: ComputeRecord, state: Lifecycle, what: string): void {
  if (OFF.includes(state)) return
  throw fault('state', `${what} changed only while the machine is stopped: ${record.wish.name} is ${state}`, {
    subject: { kind: 'compute', id: record.id },
  })
}

/** Faults: 'state' for a machine that is deleted. */
export function refuseEnded({ id, wish }: ComputeRecord): void {
  if (!wish.exists)
    throw fault('state', `${wish.name} is terminated: nothing of it can be changed`, {
      subject: { kind: 'compute', id },
    })
}
