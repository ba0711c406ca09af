import { isProvider } from '../../providers/view'
import type { Filter } from './filter'

/** A project that keeps its machines here is not sent to a provider. */
export const mayLeave: Filter = {
  name: 'may-leave',
  reason: 'its project keeps its machines off providers',
  concerns: isProvider,
  reads: ['burst'],
  admits: ({ burst }, { provider }) =>
    provider === undefined || burst?.homebound !== true || 'its project keeps its machines off providers',
}
