import type { MixinRecord } from '../../model/records'
import type { Caller, Context } from '../context'

/** The project's own mixins, in order of creation. */
export async function listMixins({ mirror }: Context, caller: Caller): Promise<readonly MixinRecord[]> {
  await mirror.fresh(caller.project)
  return mirror.list('mixin', caller.project)
}
