/**
 * Tags of a launch that say where its machines are to be: EC2 has no parameter for it. They stay tags, and count at the launch
 * alone. All that begins with `occi-gateway:` is kept for such words, so that a misspelt one is refused and not passed over.
 */
import { fault } from '../../faults'
import { MODES, type PlacementWish } from '../../model/placement'
import type { RunOrder } from '../../operations/operations'
import { shorten } from '../codec'
import { BURST_TAGS, SECTION_TAGS } from './burst-tags'
import { LEASE_TAGS } from './lease-tags'

const PREFIX = 'occi-gateway:'
const field = 'TagSpecification.Tag'

/** Tag by part of the wish. */
export const PLACEMENT_TAGS = {
  requirements: `${PREFIX}requirements`,
  mode: `${PREFIX}requirements-mode`,
  rank: `${PREFIX}rank`,
  policy: `${PREFIX}policy`,
  priority: `${PREFIX}priority`,
} as const satisfies Readonly<Record<keyof PlacementWish, string>>

/** Faults: 'invalid' for a reserved tag that nobody knows, and for a mode or priority that is none. */
export function placementAsked(tags: Readonly<Record<string, string>>): Pick<RunOrder, 'placement'> {
  const reserved = Object.keys(tags).filter((key) => key.startsWith(PREFIX))
  if (reserved.length === 0) return {}
  const known: readonly string[] = [
    ...Object.values(PLACEMENT_TAGS),
    ...Object.values(LEASE_TAGS),
    ...Object.values(BURST_TAGS),
    ...SECTION_TAGS,
  ]
  const unknown = reserved.find((key) => !known.includes(key))
  if (unknown !== undefined)
    throw fault('invalid', `there is no tag ${shorten(unknown)}; of ${PREFIX} there are ${known.join(', ')}`, { field })
  const { requirements, rank, policy, mode, priority } = PLACEMENT_TAGS
  if (!Object.values(PLACEMENT_TAGS).some((key) => key in tags)) return {}
  const text = (key: string): string | undefined => tags[key] || undefined
  return {
    placement: {
      ...given('requirements', text(requirements)),
      ...given('mode', modeOf(text(mode))),
      ...given('rank', text(rank)),
      ...given('policy', text(policy)),
      ...given('priority', numberOf(text(priority))),
    },
  }
}

const given = <K extends string, T>(name: K, value: T | undefined): { readonly [name in K]?: T } =>
  value === undefined ? {} : ({ [name]: value } as { readonly [name in K]?: T })

function modeOf(text: string | undefined): PlacementWish['mode'] {
  if (text === undefined) return undefined
  const mode = MODES.find((one) => one === text)
  if (mode === undefined)
    throw fault('invalid', `${PLACEMENT_TAGS.mode} is ${MODES.join(' or ')}`, { field, allowed: [...MODES] })
  return mode
}

function numberOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (!/^-?\d{1,4}$/.test(text)) throw fault('invalid', `${PLACEMENT_TAGS.priority} is a whole number`, { field })
  return Number(text)
}
