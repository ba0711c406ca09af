/** What a placement group may be called, and what its rule may say. */
import { fault } from '../../faults'
import type { PlacementRule } from '../../model/records'

/** EC2's quota of a region. */
export const MOST_PLACEMENT_GROUPS = 500
/** EC2: at most so many partitions in a zone. */
export const MOST_PARTITIONS = 7
/** EC2: up to 255 ASCII characters. */
const NAME = /^[\x21-\x7e](?:[\x20-\x7e]{0,253}[\x21-\x7e])?$/
const LABEL = /^[A-Za-z][A-Za-z0-9_-]{0,62}$/

/** Faults: 'invalid', 'combination', each naming the field. */
export function checkGroup({ name, rule }: { readonly name: string; readonly rule: PlacementRule }): void {
  if (!NAME.test(name))
    throw fault('invalid', 'the name of a placement group is 1 to 255 ASCII characters, no space at either end', {
      field: 'GroupName',
    })
  if (!LABEL.test(rule.over))
    throw fault('invalid', 'a placement group is kept by host, zone, or the name of a label of hosts (rack)', {
      field: 'over',
    })
  const { partitions } = rule
  if (rule.keeps !== 'partitions') {
    if (partitions === undefined) return
    throw fault('combination', 'only a group with partitions has a number of them', { field: 'PartitionCount' })
  }
  if (partitions === undefined || !Number.isInteger(partitions) || partitions < 1 || partitions > MOST_PARTITIONS)
    throw fault('invalid', `the number of partitions is a whole number from 1 to ${MOST_PARTITIONS}`, {
      field: 'PartitionCount',
    })
  if (rule.strength === 'soft')
    throw fault('combination', 'partitions are always kept apart: there are no soft ones', { field: 'strength' })
}
