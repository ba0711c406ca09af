import type { InstanceMonitoring } from '@aws-sdk/client-ec2'
import type { Ec2Context } from '../action'
import { instancesNamed } from '../resources/instances'
import { showMonitoring } from '../show/instance'

/** MonitorInstances and UnmonitorInstances: all or none. */
export async function setMonitoring(
  asked: { readonly InstanceIds?: readonly string[] | undefined; readonly DryRun?: boolean | undefined },
  options: { readonly monitoring: boolean },
  context: Ec2Context,
): Promise<{ InstanceMonitorings: InstanceMonitoring[] }> {
  const found = await instancesNamed(asked.InstanceIds, context)
  const ids = found.map((record) => record.id)
  const dryRun = asked.DryRun === true
  const records = await context.operations.setOptions(context.caller, { ids, options, dryRun })
  return {
    InstanceMonitorings: records.map((record) => ({
      InstanceId: record.wish.name,
      Monitoring: showMonitoring(record),
    })),
  }
}
