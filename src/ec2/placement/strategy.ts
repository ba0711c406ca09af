/**
 * EC2's strategies and our rules: cluster is together, spread apart, partition partitions. What EC2 has no parameter for, by what the
 * group is kept and whether it must be, is said with tags at its creation; they stay tags, and count then alone.
 */
import { fault } from '../../faults'
import { GROUP_STRENGTHS, type GroupKeeps, type PlacementRule } from '../../model/records'
import type { Input } from '../action'
import { shorten } from '../codec'

const PREFIX = 'occi-gateway:'
export const GROUP_TAGS = { over: `${PREFIX}over`, strength: `${PREFIX}strength` } as const

const STRATEGIES = { cluster: 'together', spread: 'apart', partition: 'partitions' } as const satisfies Readonly<
  Record<string, GroupKeeps>
>
type Strategy = keyof typeof STRATEGIES
/** Which strategies there are, as EC2 names them. */
export const STRATEGY_NAMES = Object.keys(STRATEGIES) as readonly Strategy[]

/** EC2's default number of partitions. */
const USUAL_PARTITIONS = 2

type Asked = Pick<Input<'CreatePlacementGroup'>, 'Strategy' | 'SpreadLevel' | 'PartitionCount'>

/** Faults: 'invalid', 'combination', each naming the parameter. */
export function ruleAsked(
  { Strategy = 'cluster', SpreadLevel, PartitionCount }: Asked,
  tags: Readonly<Record<string, string>>,
): PlacementRule {
  const strategy = STRATEGY_NAMES.find((name) => name === Strategy)
  if (strategy === undefined)
    throw fault(
      'invalid',
      `Value (${shorten(Strategy)}) for parameter Strategy is invalid. Expected: ${STRATEGY_NAMES.join(', ')}`,
      { field: 'Strategy' },
    )
  if (PartitionCount !== undefined && strategy !== 'partition')
    throw fault('combination', 'PartitionCount goes with the strategy partition only', { field: 'PartitionCount' })
  refuseUnknownTags(tags)
  const level = levelAsked(SpreadLevel, strategy)
  const over = tags[GROUP_TAGS.over]
  if (level !== undefined && over !== undefined && over !== level)
    throw fault('combination', `SpreadLevel is ${level}, the tag ${GROUP_TAGS.over} says ${shorten(over)}`, {
      field: 'SpreadLevel',
    })
  return {
    keeps: STRATEGIES[strategy],
    over: over ?? level ?? (strategy === 'cluster' ? 'host' : 'rack'),
    strength: strengthAsked(tags[GROUP_TAGS.strength]),
    ...(strategy === 'partition' ? { partitions: PartitionCount ?? USUAL_PARTITIONS } : {}),
  }
}

function levelAsked(level: string | undefined, strategy: Strategy): 'host' | 'rack' | undefined {
  if (level === undefined) return undefined
  if (strategy !== 'spread')
    throw fault('combination', 'SpreadLevel goes with the strategy spread only', { field: 'SpreadLevel' })
  if (level === 'host' || level === 'rack') return level
  throw fault('invalid', `Value (${shorten(level)}) for parameter SpreadLevel is invalid. Expected: host, rack`, {
    field: 'SpreadLevel',
  })
}

function strengthAsked(text: string | undefined): PlacementRule['strength'] {
  const strength = GROUP_STRENGTHS.find((one) => one === (text ?? 'hard'))
  if (strength !== undefined) return strength
  throw fault('invalid', `${GROUP_TAGS.strength} is ${GROUP_STRENGTHS.join(' or ')}`, {
    field: 'TagSpecification.Tag',
    allowed: [...GROUP_STRENGTHS],
  })
}

function refuseUnknownTags(tags: Readonly<Record<string, string>>): void {
  const known: readonly string[] = Object.values(GROUP_TAGS)
  const unknown = Object.keys(tags).find((key) => key.startsWith(PREFIX) && !known.includes(key))
  if (unknown === undefined) return
  throw fault('invalid', `there is no tag ${shorten(unknown)} of placement groups; there are ${known.join(', ')}`, {
    field: 'TagSpecification.Tag',
  })
}

export const strategyOf = ({ keeps }: PlacementRule): Strategy =>
  STRATEGY_NAMES.find((name) => STRATEGIES[name] === keeps) ?? 'cluster'

/** EC2 knows two: what is not kept apart by host is so by something larger. */
export const spreadLevelOf = ({ keeps, over }: PlacementRule): 'host' | 'rack' | undefined =>
  keeps === 'apart' ? (over === 'host' ? 'host' : 'rack') : undefined
