/**
 * Putting a mixin of the provider's on computes that are there, and taking it off, by its collection (GFD.223 §5.5.3): what an
 * update of each of them could do. A size template gives another size; `restartable` comes and goes; all others are for creation.
 */
import { fault } from '../../faults'
import type { ComputeId } from '../../model/ids'
import { optionsOf } from '../../model/records'
import { type Answer, answer, type Exchange, type Front } from '../exchange'
import type { Catalogue } from '../model/catalogue'
import type { MixinCategory } from '../model/category'
import { RESTARTABLE } from '../model/names'
import { negotiate } from '../negotiation'
import { idAt } from '../path'
import { namedPaths } from '../requests/members-named'
import { deleted } from './deleted'
import { allMembers, liveComputes, withMixin } from './members'

type Method = 'POST' | 'PUT' | 'DELETE'

/** Whether anything but reading its collection may be asked for at all; of the rest POST is refused by name. */
export const comesAndGoes = ({ id }: MixinCategory): boolean => id === RESTARTABLE

/** Faults: 'unsupported' naming what would have to be done instead; those of resizing; 'not-found' for an entity that is not there. */
export async function changeProviders(
  front: Front,
  exchange: Exchange,
  catalogue: Catalogue,
  mixin: MixinCategory,
  method: Method,
): Promise<Answer> {
  const answered = method === 'DELETE' ? deleted(exchange) : undefined
  negotiate(exchange.accept, 'listing')
  const ids = namedPaths(exchange.document(), mixin, catalogue).map(
    (location) => idAt(location, exchange.audience.base, '/compute/') as ComputeId,
  )
  if (ids.length === 0 && method === 'POST')
    throw fault('missing', 'the request names no entity', { field: 'X-OCCI-Location' })
  if (comesAndGoes(mixin)) await setRestartable(front, exchange, ids, method)
  else await resize(front, exchange, mixin, ids)
  if (answered !== undefined) return answered
  const shown = withMixin(await allMembers(front, exchange), mixin, catalogue, exchange)
  return answer(exchange, 'listing', (rendering) => rendering.collection(shown, exchange.audience))
}

/** All or nothing: each way is checked for all before it is gone for any. */
async function setRestartable(
  front: Front,
  exchange: Exchange,
  named: readonly ComputeId[],
  method: Method,
): Promise<void> {
  const { operations } = front
  const { caller } = exchange
  const having = (await liveComputes(front, exchange)).filter(({ wish }) => optionsOf(wish).restartable)
  const others = having.map(({ id }) => id).filter((id) => !named.includes(id))
  const on = method === 'DELETE' ? [] : named
  const off = method === 'POST' ? [] : method === 'PUT' || named.length === 0 ? others : named
  for (const how of [{ dryRun: true }, {}])
    for (const [ids, restartable] of [[on, true] as const, [off, false] as const])
      if (ids.length > 0) await operations.setOptions(caller, { ids, options: { restartable }, ...how })
}

/** One at a time: each has to be off, and its host has to have room. */
async function resize(front: Front, exchange: Exchange, { id, gives }: MixinCategory, ids: readonly ComputeId[]) {
  const size =
    gives?.what === 'type'
      ? { type: gives.name }
      : gives?.what === 'sizes'
        ? { cores: gives.cores, memoryMiB: gives.memoryMiB }
        : undefined
  if (size === undefined)
    throw fault('unsupported', `${id} cannot be put on a compute that is there: name it when one is created`)
  const [compute, ...more] = ids
  if (compute === undefined || more.length > 0)
    throw fault('unsupported', `${ids.length} computes cannot be resized by one request: name one`)
  await front.operations.updateCompute(exchange.caller, compute, { size })
}
