import { lackingThere, sectionFor } from '../../providers/section'
import { isProvider } from '../../providers/view'
import type { Filter } from './filter'

/** All that its section names is offered there, or allowed by the provider's operator. */
export const hasWhatItNames: Filter = {
  name: 'has-what-it-names',
  reason: 'it has not what its order names for such providers',
  concerns: isProvider,
  reads: ['burst'],
  admits({ burst }, { provider }) {
    if (provider === undefined || burst?.sections === undefined) return true
    const lacking = lackingThere(sectionFor(burst.sections, provider), provider)
    return lacking === undefined || `its order names ${lacking}`
  },
}
