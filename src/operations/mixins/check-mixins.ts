import { fault } from '../../faults'
import type { MixinId } from '../../model/ids'
import type { Caller, Context } from '../context'

/** 'not-found' for one that is not the project's, or was deleted since the caller read it. */
export function checkMixins({ mirror }: Context, caller: Caller, ids: readonly MixinId[]): void {
  const missing = ids.find((id) => mirror.get('mixin', id)?.project !== caller.project)
  if (missing !== undefined)
    throw fault('not-found', 'a mixin that is named is not there any more', { subject: { kind: 'mixin', id: missing } })
}
