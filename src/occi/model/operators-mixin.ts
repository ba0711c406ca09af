/**
 * Mixins of an operator's own folder: a size, which depends on resource_tpl and gives defaults for cores and memory, or a tag,
 * which has neither attributes nor actions and may be put on whatever it applies to. Others are refused by name, because
 * nothing would keep what they say.
 */
import type { MixinId } from '../../model/ids'
import type { MixinCategory } from './category'
import { RESOURCE_TPL } from './names'
import { badFile, type Found, type RawMixin } from './read-files'
import { sizeTemplate } from './size-template'

/** Paths that other fronts answer. */
export const ELSEWHERE = /^\/(?:-|\.well-known|api|healthz|readyz|metrics|images\/v1)\//

const OF_THE_SITE = 'site:'

/** Whether it is a tag of the operator's: records name it as users' mixins are named, but no user makes or deletes it. */
export const isOfTheSite = (own: MixinId): boolean => own.startsWith(OF_THE_SITE)

/** The mixin with what it stands for; throws 'invalid' with file, key and reason. */
export function operatorsMixin(mixin: MixinCategory, found: Found<RawMixin>): MixinCategory {
  const { file, key } = found
  if (ELSEWHERE.test(mixin.location))
    throw badFile(file, `${key}.location`, `${mixin.location} is answered by another part of the gateway`)
  if (mixin.depends.includes(RESOURCE_TPL)) return sizeTemplate(mixin, found)
  if (mixin.attributes.size > 0)
    throw badFile(file, `${key}.depends`, `only templates that depend on ${RESOURCE_TPL} can have attributes`)
  if (mixin.actions.length > 0) throw badFile(file, `${key}.actions`, 'a mixin of an operator has no actions')
  return { ...mixin, own: `${OF_THE_SITE}${mixin.id}` as MixinId }
}
