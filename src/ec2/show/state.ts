import type { InstanceState } from '@aws-sdk/client-ec2'
import { type ComputeView, ec2State } from '../../model/lifecycle'

/** A machine's state as EC2 writes it. */
export function showState(record: ComputeView): InstanceState {
  const { code, name } = ec2State(record)
  return { Code: code, Name: name }
}
