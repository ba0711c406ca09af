import { action } from '../action'
import { setMonitoring } from '../attributes/set-monitoring'

/** UnmonitorInstances: the flag is taken back. */
export const unmonitorInstances = action(
  'UnmonitorInstances',
  { InstanceIds: 'honoured', MetricCategoryIds: 'refused' },
  async (input, context) => setMonitoring(input, { monitoring: false }, context),
)
