/** MaintenanceOptions: whether a machine is started elsewhere when its host is given up. */
import type { InstanceAutoRecoveryState, InstanceMaintenanceOptions } from '@aws-sdk/client-ec2'
import { fault } from '../../faults'
import { type ComputeOptions, type ComputeRecord, optionsOf } from '../../model/records'
import { shorten } from '../codec'

/** Faults: 'invalid'. */
export function recoveryAsked(AutoRecovery: InstanceAutoRecoveryState | undefined): Partial<ComputeOptions> {
  if (AutoRecovery === undefined) return {}
  if (AutoRecovery !== 'default' && AutoRecovery !== 'disabled')
    throw fault(
      'invalid',
      `Value (${shorten(AutoRecovery)}) for parameter AutoRecovery is invalid. Expected: default or disabled`,
      { field: 'AutoRecovery' },
    )
  return { restartable: AutoRecovery === 'default' }
}

/** `default`: it is started elsewhere. Machines are never moved for a reboot here. */
export const showMaintenance = ({ wish }: Pick<ComputeRecord, 'wish'>): InstanceMaintenanceOptions => ({
  AutoRecovery: optionsOf(wish).restartable ? 'default' : 'disabled',
  RebootMigration: 'disabled',
})
