/** Deleting mixins that users made (OCCI DELETE on the query interface). What had them keeps an id that means nothing any more. */
import { fault } from '../../faults'
import type { MixinRecord } from '../../model/records'
import { mixinNames } from '../../store/names'
import type { Removal } from '../../store/store'
import { attempt } from '../attempt'
import type { Caller, Context } from '../context'

/** By type identifier, all or nothing. Faults: 'not-found', 'conflict', 'unavailable'. */
export async function removeMixins(context: Context, caller: Caller, ids: readonly string[]): Promise<void> {
  await attempt(context, caller.actor, 'remove-mixins', async () => {
    await context.mirror.fresh(caller.project)
    const own = context.mirror.list('mixin', caller.project)
    const found = [...new Set(ids)].map((id) => {
      const mixin = own.find(({ wish }) => wish.scheme + wish.term === id)
      if (mixin === undefined) throw fault('not-found', `there is no mixin ${id}`, { subject: { kind: 'mixin', id } })
      return mixin
    })
    if (found.length === 0) return { change: undefined, value: undefined }
    return { change: mixinRemoval(found), value: undefined }
  })
}

/** What removes mixins and their names. */
export const mixinRemoval = (
  mixins: readonly MixinRecord[],
): {
  readonly removals: readonly Removal[]
  readonly releases: readonly { readonly hash: string; readonly field: string }[]
} => ({
  removals: mixins.map(({ id, project, generation }) => ({ ref: { kind: 'mixin', id }, project, generation })),
  releases: mixins.flatMap(({ project, wish }) =>
    project === null ? [] : mixinNames(project, wish).map((field) => ({ hash: 'names', field })),
  ),
})
