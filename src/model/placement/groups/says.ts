/** What a machine's group is the reason of, in words for its owner: which rule, and which machines. */
import type { HostCapacity } from '../../machine'
import { namesTold } from '../../names-told'
import type { PlacementRule } from '../../placement-groups'
import type { GroupDemand } from './group-demand'
import { type GroupMember, othersOf } from './members'

/** `i-…, i-… and 3 more`. */
export const namesOf = (members: readonly Pick<GroupMember, 'name'>[]): string =>
  namesTold(members.map(({ name }) => name).sort())

/** `2 cores, 4096 MiB of memory and 8 GiB of disk`. */
export const amountsOf = (room: HostCapacity | undefined): string =>
  room === undefined
    ? 'nothing'
    : `${Math.max(0, room.cpuHundredths) / 100} cores, ${Math.max(0, Math.floor(room.memoryMiB))} MiB of memory and ${Math.max(0, room.diskGiB)} GiB of disk`

/** `host`, `zone`, or `value of the label rack`. */
export const overWhat = ({ over }: Pick<PlacementRule, 'over'>): string =>
  over === 'host' || over === 'zone' ? over : `value of the label ${over}`

/** '' where its group has no rule that makes it wait; `machine`: the name of the one that waits. */
export function groupSays({ view, partition, whole }: GroupDemand, machine: string | undefined): string {
  const { rule, held, name } = view
  if (rule.strength === 'soft') return ''
  const others = othersOf([...held.values()].flat(), machine)
  switch (rule.keeps) {
    case 'apart':
      return others.length === 0
        ? ''
        : `anti-affinity with ${namesOf(others)}: its group ${name} has one machine for each ${overWhat(rule)}`
    case 'together':
      if (others.length > 0)
        return `affinity with ${namesOf(others)}: its group ${name} is kept in one place, by ${overWhat(rule)}`
      return whole === undefined
        ? ''
        : `affinity: all ${whole.machines} machines of its group ${name} get their places at once, by ${overWhat(rule)}; they need ${amountsOf(whole.needs)}`
    case 'partitions': {
      const elsewhere = others.filter((member) => member.partition !== partition)
      return elsewhere.length === 0
        ? ''
        : `partition ${partition} of its group ${name} is kept apart from ${namesOf(elsewhere)}, by ${overWhat(rule)}`
    }
  }
}
