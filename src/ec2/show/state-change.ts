import type { InstanceStateChange } from '@aws-sdk/client-ec2'
import type { ComputeRecord } from '../../model/records'
import type { Changed } from '../../operations/operations'
import { showState } from './state'

/** What Start, Stop and Terminate answer: each machine's state now and as it was found. `found` are the records read before. */
export function showStateChanges(changed: readonly Changed[], found: readonly ComputeRecord[]): InstanceStateChange[] {
  const before = new Map(found.map((record) => [record.id, record]))
  return changed.map(({ record }) => ({
    InstanceId: record.wish.name,
    CurrentState: showState(record),
    PreviousState: showState(before.get(record.id) ?? record),
  }))
}
