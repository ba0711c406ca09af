/** What a machine's provider is told of it: what placement chose there, and what of its owner's order means something there. */
import { fault } from '../../../src/faults'
import { optionsOf } from '../../../src/model/options'
import type { ProviderKind } from '../../../src/model/providers/record'
import { imageThere, lackingThere, sectionFor } from '../../../src/model/providers/section'
import type { ProviderOrder, ProviderTarget } from '../../../src/model/providers/target'
import type { ImageRecord } from '../../../src/model/records'
import type { StepCall } from './step'

/** Refused for good ('elsewhere') where its operator took the image or the type away since it was placed. */
export function providerOrder(
  { driver, record, unseal }: StepCall,
  { types, images, settings, allowed }: ProviderTarget,
  image: ImageRecord | undefined,
): ProviderOrder {
  const { wish, place } = record
  const type = types.find(({ name }) => name === place.offer?.type)
  if (type === undefined)
    throw fault('refused', `its provider offers ${place.offer?.type ?? 'its type'} no more`, { reason: 'elsewhere' })
  const { sections, userData = {} } = wish.burst ?? {}
  const kind = driver.kind
  const section = sectionFor(sections, { kind })
  const lacking = lackingThere(section, { kind, types, images, settings, ...(allowed ? { allowed } : {}) })
  if (lacking !== undefined) throw fault('refused', `its order names ${lacking}`, { reason: 'elsewhere' })
  const theirs = imageThere(image?.id ?? null, sections, { kind, images })
  if (theirs === undefined) throw fault('refused', 'its provider has its image no more', { reason: 'elsewhere' })
  const secret = userData[kind as ProviderKind] ?? wish.userData
  return {
    type,
    image: theirs,
    hostname: wish.hostname,
    publicKey: wish.publicKey ?? null,
    userData: secret === null ? null : unseal(record.id, secret),
    ...(optionsOf(wish).hibernates ? { hibernates: true as const } : {}),
    ...(Object.keys(section).length === 0 ? {} : { section }),
    // A machine that was ordered by a partner keeps the name that it has where its owner is.
    origin: wish.origin ?? { order: record.id, path: [], project: record.project ?? '' },
  }
}
