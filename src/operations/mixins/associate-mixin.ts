/**
 * Putting a user's mixin on things and taking it off (OCCI: POST, PUT, DELETE on its collection). Accepted in every state: each
 * thing names its mixins in its wish, so one script changes all of them or none.
 */
import { fault } from '../../faults'
import type { MixinId } from '../../model/ids'
import type { ComputeRecord, ComputeWish } from '../../model/records'
import type { StorageRecord } from '../../model/storage'
import type { Update } from '../../store/store'
import { attemptOne, type Propose } from '../attempt'
import type { Caller, Context } from '../context'
import type { MixinMember, Operations } from '../operations'
import { MOST_AT_ONCE } from '../run/check-order'
import { isForUse } from './check-mixins'

export type AssociationOrder = Parameters<Operations['associateMixin']>[1]

/** Faults: 'not-found' (mixin or member), 'too-large' above 1000 changes, 'conflict', 'unavailable'. */
export const associateMixin = async (context: Context, caller: Caller, order: AssociationOrder): Promise<void> =>
  attemptOne(context, caller.actor, 'associate-mixin', associatingMixin(caller, order))

/** The decision by itself. */
export function associatingMixin(caller: Caller, order: AssociationOrder): Propose<void> {
  if (order.members.length > MOST_AT_ONCE) throw tooMany(order.members.length)
  return async (context) => {
    await context.mirror.fresh(caller.project)
    if (!isForUse(context, caller, order.mixin))
      throw fault('not-found', 'there is no such mixin', { subject: { kind: 'mixin', id: order.mixin } })
    const live = {
      computes: context.mirror.list('compute', caller.project).filter(({ wish }) => wish.exists),
      storages: context.mirror.list('storage', caller.project).filter(({ wish }) => wish.exists),
    }
    refuseStrangers(order.members, live)
    const next = changer(context, order)
    const updates = [
      ...live.computes.flatMap((record) => updateOf(record, rewished(record, next))),
      ...live.storages.flatMap((record) => updateOf(record, next(record.wish, record.id))),
    ]
    if (updates.length > MOST_AT_ONCE) throw tooMany(updates.length)
    return { change: updates.length === 0 ? undefined : { updates }, value: undefined }
  }
}

interface Live {
  readonly computes: readonly ComputeRecord[]
  readonly storages: readonly StorageRecord[]
}

const tooMany = (count: number) =>
  fault('too-large', `this would change ${count} entities; one request changes at most ${MOST_AT_ONCE}`)

const keyOf = (member: MixinMember): string =>
  member.kind === 'storage' ? member.id : keyWithin(member.id, member.interface ?? member.volume)

const keyWithin = (id: string, part: string | undefined): string => (part === undefined ? id : `${id}/${part}`)

const partsOf = ({ wish }: ComputeRecord): readonly string[] =>
  [...wish.interfaces, ...(wish.volumes ?? [])].map(({ name }) => name)

function refuseStrangers(members: readonly MixinMember[], { computes, storages }: Live): void {
  const known = new Set<string>([
    ...computes.flatMap((record) => [record.id, ...partsOf(record).map((part) => keyWithin(record.id, part))]),
    ...storages.map(({ id }) => id),
  ])
  const stranger = members.find((member) => !known.has(keyOf(member)))
  if (stranger === undefined) return
  const subject = { kind: stranger.kind, id: stranger.id }
  throw fault('not-found', `there is no ${stranger.kind} ${keyOf(stranger)}`, { subject })
}

interface Wearing {
  readonly mixins?: readonly MixinId[]
}
/** The same thing with the mixin put on or taken off; itself when that changes nothing. */
type Change = <T extends Wearing>(holder: T, key: string) => T

function changer({ mirror, siteMixins }: Context, { mixin, how, members }: AssociationOrder): Change {
  const isThere = (id: MixinId): boolean => siteMixins?.has(id) === true || mirror.get('mixin', id) !== undefined
  const named = new Set(members.map(keyOf))
  return (holder, key) => {
    const has = holder.mixins?.includes(mixin) ?? false
    const should = named.has(key) ? how !== 'remove' : has && how !== 'exactly'
    if (has === should) return holder
    // What was deleted meanwhile is left out as we pass by.
    const others = (holder.mixins ?? []).filter((one) => one !== mixin && isThere(one))
    return { ...holder, mixins: should ? [...others, mixin] : others }
  }
}

function rewished({ id, wish }: ComputeRecord, next: Change): ComputeWish {
  const itself = next(wish, id)
  const interfaces = wish.interfaces.map((one) => next(one, keyWithin(id, one.name)))
  const volumes = wish.volumes?.map((one) => next(one, keyWithin(id, one.name)))
  const isSame =
    interfaces.every((one, at) => one === wish.interfaces[at]) &&
    (volumes ?? []).every((one, at) => one === wish.volumes?.[at])
  return isSame ? itself : { ...itself, interfaces, ...(volumes === undefined ? {} : { volumes }) }
}

/** No worker has anything to do for it. */
const updateOf = <R extends ComputeRecord | StorageRecord>(record: R, wish: R['wish']): readonly Update[] => {
  const { kind, id, project, generation, wish: before } = record
  return wish === before ? [] : [{ ref: { kind, id }, project, generation, wish, raisePhase: false, wake: false }]
}
