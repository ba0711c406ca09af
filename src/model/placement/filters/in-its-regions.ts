import { isProvider } from '../../providers/view'
import type { Filter } from './filter'

/** Data of a machine lies nowhere but where its owner and its project allow it. */
export const inItsRegions: Filter = {
  name: 'in-its-regions',
  reason: 'its data may not lie there',
  concerns: isProvider,
  reads: ['burst'],
  admits({ burst }, { provider }) {
    if (provider === undefined || burst?.regions === undefined) return true
    const strange = provider.regions.find((region) => burst.regions?.some((list) => !list.includes(region)))
    const allowed = burst.regions.map((list) => list.join(', ')).join(' and ')
    return strange === undefined || `keeps data in ${strange}, allowed is ${allowed}`
  },
}
