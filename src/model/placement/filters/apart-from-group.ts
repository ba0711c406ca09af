import { othersOf } from '../groups/members'
import { placeOf } from '../groups/place-of'
import { namesOf } from '../groups/says'
import type { Filter } from './filter'

/** Hard anti-affinity: a place has one machine of the group. */
export const apartFromGroup: Filter = {
  name: 'apart-from-group',
  reason: 'has a machine of its group already',
  admits: ({ group, name: own }, host) => {
    if (group === undefined) return true
    const { rule, held, name } = group.view
    if (rule.keeps !== 'apart' || rule.strength === 'soft') return true
    const all = held.get(placeOf(host, rule.over))
    if (all === undefined) return true
    const there = othersOf(all, own)
    return there.length === 0 || `has ${namesOf(there)} of its group ${name} (anti-affinity)`
  },
}
