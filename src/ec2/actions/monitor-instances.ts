import { action } from '../action'
import { setMonitoring } from '../attributes/set-monitoring'

/** MonitorInstances: kept and shown; all machines are measured alike here. */
export const monitorInstances = action(
  'MonitorInstances',
  { InstanceIds: 'honoured', MetricCategoryIds: 'refused' },
  async (input, context) => setMonitoring(input, { monitoring: true }, context),
)
