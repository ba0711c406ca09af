import type { InstanceStatus, InstanceStatusSummary } from '@aws-sdk/client-ec2'
import { ec2Status } from '../../model/lifecycle'
import type { ComputeRecord } from '../../model/records'
import { showState } from './state'
import { zoneOf } from './where'

type Word = ReturnType<typeof ec2Status>

const REACHABILITY: Partial<Record<Word, 'passed' | 'failed' | 'initializing'>> = {
  ok: 'passed',
  impaired: 'failed',
  initializing: 'initializing',
}

/** A status with its one check, reachability; machines that do not run have none. */
function summary(word: Word): InstanceStatusSummary {
  const reachability = REACHABILITY[word]
  return {
    Status: word,
    Details: reachability === undefined ? [] : [{ Name: 'reachability', Status: reachability }],
  }
}

/** A machine's status checks. EC2 tells the instance's from its host's; what we know of both is whether the host sees it well. */
export const showInstanceStatus = (record: ComputeRecord): InstanceStatus => ({
  AvailabilityZone: zoneOf(record),
  InstanceId: record.wish.name,
  InstanceState: showState(record),
  InstanceStatus: summary(ec2Status(record)),
  SystemStatus: summary(ec2Status(record)),
})
