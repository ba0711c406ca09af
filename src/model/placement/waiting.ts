/** Why a machine waits, short enough to keep on its record: counts per reason, up to three examples, what would make it fit. */
import type { HostCapacity } from '../machine'
import type { Waiting } from '../records'
import type { Demand, HostView } from './demand'
import { FILTERS, GROUP_FILTERS, HOST_FILTERS } from './filters'
import { inZone } from './filters/in-zone'
import { groupSays } from './groups/says'

const EXAMPLES = 3

/** Each refusing host is counted once, for the first rule that refuses it. */
export function waitingReasons(machine: Demand, hosts: readonly HostView[]): Omit<Waiting, 'since'> {
  const reasons: Record<string, number> = {}
  const examples: { host: string; because: string }[] = []
  for (const host of hosts) {
    for (const filter of FILTERS) {
      const said = filter.admits(machine, host)
      if (said === true) continue
      const first = reasons[filter.reason] === undefined
      reasons[filter.reason] = (reasons[filter.reason] ?? 0) + 1
      if (first && examples.length < EXAMPLES) examples.push({ host: host.name, because: said })
      break
    }
  }
  return { reasons, examples, wouldFit: told(machine, reasons, wouldFit(machine, hosts)) }
}

/** Where its group is a reason, which rule that is and which machines, instead of a hope that time brings nothing for. */
function told({ group, name }: Demand, reasons: Readonly<Record<string, number>>, would: string): string {
  const says = group && GROUP_FILTERS.some(({ reason }) => reasons[reason] !== undefined) ? groupSays(group, name) : ''
  return says === '' ? would : [says, ...(would === AGAIN ? [] : [would])].join('; ')
}

const AGAIN = 'it is tried again in a few minutes'

const AMOUNTS: readonly (readonly [keyof HostCapacity, (amount: number) => string])[] = [
  ['cpuHundredths', (hundredths) => `${hundredths / 100} ${hundredths === 100 ? 'core' : 'cores'}`],
  ['memoryMiB', (mebibytes) => `${Math.ceil(mebibytes)} MiB of memory`],
  ['diskGiB', (gibibytes) => `${gibibytes} GiB of disk`],
]

/** What is short, in words; '' when nothing is. */
const shortage = (machine: Demand, room: HostCapacity): string =>
  AMOUNTS.filter(([amount]) => room[amount] < machine.size[amount])
    .map(([amount, words]) => words(machine.size[amount] - room[amount]))
    .join(' and ')

/** How much of what is asked is missing, as a sum of shares: the smallest is nearest to fitting. */
const distance = (machine: Demand, room: HostCapacity): number =>
  AMOUNTS.reduce((sum, [amount]) => {
    const missing = machine.size[amount] - room[amount]
    return missing > 0 ? sum + missing / machine.size[amount] : sum
  }, 0)

/** What would make it fit, for tenants: never a host's name. */
export function wouldFit(machine: Demand, hosts: readonly HostView[]): string {
  const serving = hosts.filter((host) => HOST_FILTERS.every((filter) => filter.admits(machine, host) === true))
  if (serving.length === 0)
    return hosts.length === 0 ? 'no host was added yet' : 'it fits when a host answers and is enabled'
  const inside = serving.filter((host) => inZone.admits(machine, host) === true)
  const elsewhere = serving.filter((host) => !inside.includes(host) && shortage(machine, host.free) === '')
  const zones = [...new Set(elsewhere.map((host) => host.zone))].sort()
  const other = zones.length === 0 ? '' : `it would fit in ${zones.join(', ')}`
  const large = inside.filter((host) => shortage(machine, host.usable) === '')
  if (large.length === 0) return other === '' ? `no host${zoned(machine)} is large enough` : other
  const nearest = large.reduce((best, host) =>
    distance(machine, host.free) < distance(machine, best.free) ? host : best,
  )
  const short = shortage(machine, nearest.free)
  const wait = short === '' ? AGAIN : `it fits when ${short} more become free on one host${zoned(machine)}`
  return other === '' ? wait : `${wait}; ${other}`
}

const zoned = (machine: Demand): string => (machine.zone === null ? '' : ` of ${machine.zone}`)

/** As their owner reads them: each reason with how many hosts have it. */
export const reasonsTold = (reasons: Readonly<Record<string, number>>): string =>
  Object.entries(reasons)
    .map(([reason, hosts]) => `${reason} (${hosts} ${hosts === 1 ? 'host' : 'hosts'})`)
    .join(', ')

/** How many have their turn before it, by one digit: it is told anew when that changes, not with each machine. */
export function toldAhead(ahead: number): number {
  const power = ahead < 10 ? 1 : 10 ** Math.floor(Math.log10(ahead))
  return Math.round(ahead / power) * power
}
