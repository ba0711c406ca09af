/** What a machine's provider is told of it: what placement chose there, and what of its owner's order means something there. */
import { fault } from '../../../src/faults'
import type { ProviderOrder, ProviderTarget } from '../../../src/model/providers/target'
import type { ImageRecord } from '../../../src/model/records'
import type { StepCall } from './step'

/** Refused for good ('elsewhere') where its operator took the image or the type away since it was placed. */
export function providerOrder(
  { record, unseal }: StepCall,
  { types, images }: ProviderTarget,
  image: ImageRecord | undefined,
): ProviderOrder {
  const { wish, place } = record
  const type = types.find(({ name }) => name === place.offer?.type)
  if (type === undefined)
    throw fault('refused', `its provider offers ${place.offer?.type ?? 'its type'} no more`, { reason: 'elsewhere' })
  const theirs = image === undefined ? undefined : images[image.id]
  if (theirs === undefined) throw fault('refused', 'its provider has its image no more', { reason: 'elsewhere' })
  return {
    type,
    image: theirs,
    hostname: wish.hostname,
    publicKey: wish.publicKey ?? null,
    userData: wish.userData === null ? null : unseal(record.id, wish.userData),
    // A machine that was ordered by a partner keeps the name that it has where its owner is.
    origin: wish.origin ?? { order: record.id, path: [], project: record.project ?? '' },
  }
}
