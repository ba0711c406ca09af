import { isProvider } from '../../providers/view'
import type { Filter } from './filter'

/** A machine that is ordered with volumes goes to a provider that has such: they are made there beside it. */
export const hangsVolumes: Filter = {
  name: 'hangs-volumes',
  reason: 'has no volumes',
  concerns: isProvider,
  reads: ['burst'],
  admits: ({ burst }, { provider, diskless }) =>
    provider === undefined || !burst?.disks || !diskless || 'no volume can hang on a machine there',
}
