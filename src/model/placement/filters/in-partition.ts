import type { GroupDemand } from '../groups/group-demand'
import { placeOf } from '../groups/place-of'
import type { Filter } from './filter'

/** No place has machines of two partitions, and none takes so many places that another one is left without. */
export const inPartition: Filter = {
  name: 'in-partition',
  reason: 'is kept for another partition of its group',
  admits: ({ group }, host) => {
    if (group === undefined || group.view.rule.keeps !== 'partitions') return true
    const { view, partition } = group
    const there = view.held.get(placeOf(host, view.rule.over)) ?? []
    const other = there.find((member) => member.partition !== partition)
    if (other) return `has ${other.name} of partition ${other.partition} of its group ${view.name}`
    return (
      there.length > 0 ||
      placesOf(group) < view.share ||
      `is free, but partition ${partition} of its group ${view.name} has its ${view.share} already`
    )
  },
}

const placesOf = ({ view, partition }: GroupDemand): number =>
  [...view.held.values()].filter((members) => members.some((member) => member.partition === partition)).length
