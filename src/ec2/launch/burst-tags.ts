/**
 * Tags of a launch that say what becomes of its machines at providers: the common template. As those of placement they stay tags, and count
 * at the launch alone. User data is no tag, for whoever may list tags would read it.
 */

import { fault } from '../../faults'
import { PROVIDER_KINDS } from '../../model/providers/record'
import { keysOf, wrongInTemplate } from '../../model/providers/template'
import type { RunOrder } from '../../operations/operations'
import { shorten } from '../codec'

const PREFIX = 'occi-gateway:'
const field = 'TagSpecification.Tag'

export const BURST_TAGS = {
  burst: `${PREFIX}burst`,
  regions: `${PREFIX}regions`,
  replaceable: `${PREFIX}replaceable`,
} as const

/** `occi-gateway:ec2.subnet`. */
const tagOf = (kind: string, key: string): string => `${PREFIX}${kind}.${key}`

export const SECTION_TAGS: readonly string[] = PROVIDER_KINDS.flatMap((kind) =>
  keysOf(kind).map((key) => tagOf(kind, key)),
)

/** Faults: 'invalid', naming the tag. Tags of ours that nobody knows are refused beside those of placement. */
export function burstAsked(tags: Readonly<Record<string, string>>): Pick<RunOrder, 'burst'> {
  const sections = PROVIDER_KINDS.flatMap((kind) => {
    const section = keysOf(kind).flatMap((key) => {
      const said = tags[tagOf(kind, key)]
      return said === undefined ? [] : [[key, said] as const]
    })
    return section.length === 0 ? [] : [[kind, Object.fromEntries(section)] as const]
  })
  const regions = tags[BURST_TAGS.regions]
  const burst = {
    ...(word(tags, BURST_TAGS.burst, ['allowed', 'never']) === 'never' ? { never: true as const } : {}),
    ...(regions === undefined ? {} : { regions: regions.split(',').map((region) => region.trim()) }),
    ...(word(tags, BURST_TAGS.replaceable, ['true', 'false']) === 'true' ? { replaceable: true as const } : {}),
    ...(sections.length === 0 ? {} : { sections: Object.fromEntries(sections) }),
  }
  const wrong = wrongInTemplate(burst)
  if (wrong) throw fault('invalid', `${PREFIX}${wrong.field}: ${wrong.message}`, { field })
  return Object.keys(burst).length === 0 ? {} : { burst }
}

function word(tags: Readonly<Record<string, string>>, key: string, allowed: readonly string[]): string | undefined {
  const said = tags[key]
  if (said === undefined || allowed.includes(said)) return said
  throw fault('invalid', `${key} is ${allowed.join(' or ')}, not ${shorten(said)}`, { field, allowed })
}
