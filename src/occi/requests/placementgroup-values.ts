/** The rule of a placement group as a client wrote it. */
import type { PlacementRule } from '../../model/records'
import { GROUP_ATTRIBUTES } from '../entities/placementgroup'
import { textIn, type Values } from './entity-values'

/** As few as make sense; what EC2 makes too. */
const USUAL_PARTITIONS = 2

/** With what is not said as EC2's strategies have it: together by host, apart and partitions by rack. */
export function ruleIn(values: Values): PlacementRule {
  const keeps = wordOf(values, GROUP_ATTRIBUTES.keeps, ['apart', 'partitions']) ?? 'together'
  const partitions = values.get(GROUP_ATTRIBUTES.partitions)
  const count = typeof partitions === 'number' ? partitions : keeps === 'partitions' ? USUAL_PARTITIONS : undefined
  return {
    keeps,
    over: textIn(values, GROUP_ATTRIBUTES.over) ?? (keeps === 'together' ? 'host' : 'rack'),
    strength: wordOf(values, GROUP_ATTRIBUTES.strength, ['soft']) ?? 'hard',
    ...(count === undefined ? {} : { partitions: count }),
  }
}

/** One of these words: the schema has refused every other but the default. */
const wordOf = <T extends string>(values: Values, name: string, words: readonly T[]): T | undefined =>
  words.find((word) => word === values.get(name))
