import { isProvider } from '../../providers/view'
import type { Filter } from './filter'

/** Volumes, networks and chosen addresses of this site are not at a provider. */
export const comesAlone: Filter = {
  name: 'comes-alone',
  reason: 'it hangs on what is here alone',
  concerns: isProvider,
  reads: ['burst'],
  admits: ({ burst }, { provider }) =>
    provider === undefined || burst === undefined || burst.tied === null || `it has ${burst.tied}, which is here alone`,
}
