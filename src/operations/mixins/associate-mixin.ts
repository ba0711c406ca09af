/**
 * Putting a user's mixin on things and taking it off (OCCI: POST, PUT, DELETE on its collection). Accepted in every state: each
 * thing names its mixins in its wish, so one script changes all of them or none.
 */
import { fault } from '../../faults'
import type { MixinId } from '../../model/ids'
import type { ComputeRecord, ComputeWish } from '../../model/records'
import type { Update } from '../../store/store'
import { attempt } from '../attempt'
import type { Caller, Context } from '../context'
import type { MixinMember, Operations } from '../operations'
import { MOST_AT_ONCE } from '../run/check-order'

export type AssociationOrder = Parameters<Operations['associateMixin']>[1]

/** Faults: 'not-found' (mixin or member), 'too-large' above 1000 changes, 'conflict', 'unavailable'. */
export async function associateMixin(context: Context, caller: Caller, order: AssociationOrder): Promise<void> {
  if (order.members.length > MOST_AT_ONCE) throw tooMany(order.members.length)
  await attempt(context, caller.actor, 'associate-mixin', async () => {
    await context.mirror.fresh(caller.project)
    if (context.mirror.get('mixin', order.mixin)?.project !== caller.project)
      throw fault('not-found', 'there is no such mixin', { subject: { kind: 'mixin', id: order.mixin } })
    const live = context.mirror.list('compute', caller.project).filter(({ wish }) => wish.exists)
    refuseStrangers(order.members, live)
    const named = new Set(order.members.map(keyOf))
    const updates = live.flatMap((record) => updateOf(record, rewished(context, record, order, named)))
    if (updates.length > MOST_AT_ONCE) throw tooMany(updates.length)
    return { change: updates.length === 0 ? undefined : { updates }, value: undefined }
  })
}

const tooMany = (count: number) =>
  fault('too-large', `this would change ${count} entities; one request changes at most ${MOST_AT_ONCE}`)

const keyOf = (member: MixinMember): string =>
  member.interface === undefined ? member.id : `${member.id}/${member.interface}`

function refuseStrangers(members: readonly MixinMember[], live: readonly ComputeRecord[]): void {
  const known = new Set(live.flatMap(({ id, wish }) => [id, ...wish.interfaces.map(({ name }) => `${id}/${name}`)]))
  const stranger = members.find((member) => !known.has(keyOf(member)))
  if (stranger === undefined) return
  const subject = { kind: stranger.kind, id: stranger.id }
  throw fault('not-found', `there is no ${stranger.kind} ${keyOf(stranger)}`, { subject })
}

function rewished(
  { mirror }: Context,
  { id, wish }: ComputeRecord,
  { mixin, how }: AssociationOrder,
  named: ReadonlySet<string>,
): ComputeWish {
  const next = <T extends { readonly mixins?: readonly MixinId[] }>(holder: T, key: string): T => {
    const has = holder.mixins?.includes(mixin) ?? false
    const should = named.has(key) ? how !== 'remove' : has && how !== 'exactly'
    if (has === should) return holder
    // What was deleted meanwhile is left out as we pass by.
    const others = (holder.mixins ?? []).filter((one) => one !== mixin && mirror.get('mixin', one) !== undefined)
    return { ...holder, mixins: should ? [...others, mixin] : others }
  }
  const itself = next(wish, id)
  const interfaces = wish.interfaces.map((one) => next(one, `${id}/${one.name}`))
  return interfaces.every((one, index) => one === wish.interfaces[index]) ? itself : { ...itself, interfaces }
}

const updateOf = ({ id, project, generation, wish: before }: ComputeRecord, wish: ComputeWish): readonly Update[] =>
  wish === before ? [] : [{ ref: { kind: 'compute', id }, project, generation, wish, raisePhase: false, wake: false }]
