import { isProvider } from '../../providers/view'
import type { Filter } from './filter'

/** A machine that its owner or its project keeps here is not sent to a provider. */
export const mayLeave: Filter = {
  name: 'may-leave',
  reason: 'it is kept off providers',
  concerns: isProvider,
  reads: ['burst'],
  admits({ burst }, { provider }) {
    if (provider === undefined || burst === undefined) return true
    if (burst.stays) return 'its owner keeps it off providers'
    return !burst.homebound || 'its project keeps its machines off providers'
  },
}
