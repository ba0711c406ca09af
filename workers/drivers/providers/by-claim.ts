/** Which of several objects that bear one machine's mark is the machine, at a provider that cannot be kept from making two. */
import { compareEpochs, type Epoch } from '../../../src/model/epoch'

interface Marked {
  readonly id: string
  readonly mark: { readonly epoch: Epoch }
}

/**
 * That of the newest claim, then the lowest id. A provider need not tell when an object was made, and by this rule a late one of a
 * worker that was frozen never takes the place of what a newer claim made. It never changes its mind.
 */
export const byClaim = (a: Marked, b: Marked): number =>
  compareEpochs(b.mark.epoch, a.mark.epoch) || (a.id < b.id ? -1 : Number(a.id > b.id))
