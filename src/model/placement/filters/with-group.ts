import { placeOf } from '../groups/place-of'
import { namesOf } from '../groups/says'
import type { Filter } from './filter'

/** Hard affinity: where machines of the group have their place, the others go. */
export const withGroup: Filter = {
  name: 'with-group',
  reason: 'is not where its group is',
  admits: ({ group }, host) => {
    if (group === undefined) return true
    const { rule, held, name } = group.view
    if (rule.keeps !== 'together' || rule.strength === 'soft' || held.size === 0) return true
    const members = [...held.values()].flat()
    // On its way to another host a machine has two places, and only one of them soon.
    const moving = members.find((one, at) => members.findIndex((other) => other.name === one.name) !== at)
    if (moving) return `has to wait until ${moving.name} of its group ${name} has been moved (affinity)`
    return held.has(placeOf(host, rule.over)) || `is not where ${namesOf(members)} of its group ${name} are (affinity)`
  },
}
