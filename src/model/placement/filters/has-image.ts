import { imageThere } from '../../providers/section'
import { isProvider } from '../../providers/view'
import type { Filter } from './filter'

/** A provider runs what its operator has registered there, and nothing else. */
export const hasImage: Filter = {
  name: 'has-image',
  reason: 'its image is not there',
  concerns: isProvider,
  reads: ['burst'],
  admits: ({ burst }, { provider }) =>
    provider === undefined ||
    (burst !== undefined && imageThere(burst.image, burst.sections, provider) !== undefined) ||
    'its image is not registered there (provider image)',
}
