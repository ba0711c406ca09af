/**
 * Putting a mixin of the provider's on computes that are there, and taking it off, by its collection (GFD.223 §5.5.3): what an
 * update of each of them could do. A size template gives another size; `restartable` comes and goes; all others are for creation.
 */
import { fault } from '../../faults'
import type { ComputeId } from '../../model/ids'
import { optionsOf } from '../../model/records'
import type { Part, Parts } from '../../operations/together/operations'
import type { Member } from '../entities/member'
import { type Answer, answerWithAll, type Exchange, type Front } from '../exchange'
import type { Catalogue } from '../model/catalogue'
import type { MixinCategory } from '../model/category'
import { RESTARTABLE } from '../model/names'
import { negotiate } from '../negotiation'
import { locationPath } from '../path'
import { refuseMisapplied } from '../requests/categories'
import { namedPaths } from '../requests/members-named'
import { refuseTooMany } from './act'
import { deleted } from './deleted'
import { allMembers, liveComputes, withMixin } from './members'

type Method = 'POST' | 'PUT' | 'DELETE'

/** Whether anything but reading its collection may be asked for at all; of the rest POST is refused by name. */
export const comesAndGoes = ({ id }: MixinCategory): boolean => id === RESTARTABLE

/**
 * All or nothing. Faults: 'not-found' for an entity that is not there, 'forbidden' for a kind that the mixin is not for, 'unsupported'
 * naming what would have to be done instead, those of resizing.
 */
export async function changeProviders(
  front: Front,
  exchange: Exchange,
  catalogue: Catalogue,
  mixin: MixinCategory,
  method: Method,
): Promise<Answer> {
  const answered = method === 'DELETE' ? deleted(exchange) : undefined
  negotiate(exchange.accept, 'listing')
  const named = namedPaths(exchange.document(), mixin, catalogue)
  if (named.length === 0 && method === 'POST')
    throw fault('missing', 'the request names no entity', { field: 'X-OCCI-Location' })
  const all = await allMembers(front, exchange)
  const members = membersNamed(all, named, mixin, exchange)
  const ids = members.map(({ path }) => path.slice('/compute/'.length) as ComputeId)
  if (comesAndGoes(mixin)) await setRestartable(front, exchange, ids, method)
  else {
    const having = new Set(withMixin(all, mixin, catalogue, exchange))
    const lacking = members.filter((member) => !having.has(member))
    if (lacking.length > 0) await resize(front, exchange, mixin, ids)
  }
  if (answered !== undefined) return answered
  const shown = withMixin(await allMembers(front, exchange), mixin, catalogue, exchange)
  return answerWithAll(exchange, shown)
}

/** Throws 'not-found', 'forbidden' (GFD.185 §3.4.2: 403). */
function membersNamed(
  all: readonly Member[],
  named: readonly string[],
  mixin: MixinCategory,
  { audience }: Exchange,
): readonly Member[] {
  const byPath = new Map(all.map((member) => [member.path, member]))
  return [...new Set(named.map((location) => locationPath(location, audience.base)))].map((path) => {
    const member = byPath.get(path)
    if (member === undefined) throw fault('not-found', `there is no entity at ${path.slice(0, 256)}`)
    refuseMisapplied([mixin], member.entity(audience.version).kind)
    return member
  })
}

/** On those that are named, off others, all or none. */
async function setRestartable(
  front: Front,
  exchange: Exchange,
  named: readonly ComputeId[],
  method: Method,
): Promise<void> {
  const having = (await liveComputes(front, exchange)).filter(({ wish }) => optionsOf(wish).restartable)
  const others = having.map(({ id }) => id).filter((id) => !named.includes(id))
  const on = method === 'DELETE' ? [] : named
  const off = method === 'POST' ? [] : method === 'PUT' || named.length === 0 ? others : named
  const setting = (restartable: boolean) => (id: ComputeId) => ({ id, update: { options: { restartable } } })
  await updateAll(front, exchange, [...on.map(setting(true)), ...off.map(setting(false))])
}

/** Each has to be off, or able to grow while it runs, and its host has to have room: for all of them, or none changes. */
async function resize(front: Front, exchange: Exchange, { id, gives }: MixinCategory, ids: readonly ComputeId[]) {
  const size =
    gives?.what === 'type'
      ? { type: gives.name }
      : gives?.what === 'sizes'
        ? { cores: gives.cores, memoryMiB: gives.memoryMiB }
        : undefined
  if (size === undefined)
    throw fault('unsupported', `${id} cannot be put on what is there: name it when one is created`)
  await updateAll(
    front,
    exchange,
    [...new Set(ids)].map((compute) => ({ id: compute, update: { size } })),
  )
}

async function updateAll(front: Front, { caller }: Exchange, orders: readonly Parts['update']['order'][]) {
  refuseTooMany(orders)
  const parts = orders.map((order): Part<'update'> => ({ do: 'update', order }))
  if (parts.length > 0) await front.operations.together(caller, parts)
}
