import { fault } from '../../faults'
import type { MixinId } from '../../model/ids'
import type { Caller, Context } from '../context'
import type { RunOrder } from '../operations'

/** Whether it is the project's own, or the operator's for all. */
export const isForUse = ({ mirror, siteMixins }: Context, { project }: Caller, id: MixinId): boolean =>
  siteMixins?.has(id) === true || mirror.get('mixin', id)?.project === project

/** 'not-found' for one that is not the project's, or was deleted since the caller read it. */
export function checkMixins(context: Context, caller: Caller, ids: readonly MixinId[]): void {
  const missing = ids.find((id) => !isForUse(context, caller, id))
  if (missing !== undefined)
    throw fault('not-found', 'a mixin that is named is not there any more', { subject: { kind: 'mixin', id: missing } })
}

/** The same for an order, which is not made to wait for the project's own records when it names none. */
export async function checkOrderedMixins(
  context: Context,
  caller: Caller,
  { mixins = [], interfaceMixins = [] }: Pick<RunOrder, 'mixins' | 'interfaceMixins'>,
): Promise<void> {
  const ids = [...mixins, ...interfaceMixins]
  if (ids.length === 0) return
  await context.mirror.fresh(caller.project)
  checkMixins(context, caller, ids)
}
