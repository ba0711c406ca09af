/** What operators keep back of hosts, or give away more than once: of one host, or of all of a zone. */
import { fault } from '../../faults'
import { isAmount, isOvercommit, isTooMuch, mostOvercommit, whyNoMemoryTwice } from '../../model/placement'
import type { HostKeeps, HostRecord, HostWish } from '../../model/records'
import { attempt } from '../attempt'
import type { Context, Operator } from '../context'
import { hostUpdate } from '../host-changes'
import type { KeepsChange } from './operations'

/** `hosts`: those that it is said of. Faults: 'invalid', and 'unsupported' where the hypervisor cannot give memory twice. */
export function changedKeeps(
  before: HostKeeps | undefined,
  change: KeepsChange,
  hosts: readonly HostRecord[],
): HostKeeps {
  for (const [field, text] of Object.entries(change))
    if (text !== null && !isAmount(text))
      throw fault('invalid', `${field} is an amount, or a share from -900% to 100% with %: 100, 10%, -50%`, { field })
  refuseTooMuch(change, hosts)
  const why = isOvercommit(change.memory ?? undefined)
    ? hosts.flatMap(({ wish }) => whyNoMemoryTwice(wish.driver) ?? [])[0]
    : undefined
  if (why) throw fault('unsupported', `memory cannot be given away more than once here: ${why}`, { field: 'memory' })
  const all = Object.entries({ ...before, ...change })
  return Object.fromEntries(all.filter(([, text]) => text !== null)) as HostKeeps
}

/** What a host has is known once it was looked at: one that was not is bounded when it is. Faults: 'invalid'. */
function refuseTooMuch({ cpu, memory }: KeepsChange, hosts: readonly HostRecord[]): void {
  for (const { wish, seen } of hosts) {
    if (seen.capacity === null) continue
    const { cpuHundredths, memoryMiB } = seen.capacity
    if (isTooMuch(cpuHundredths, cpu))
      throw fault(
        'invalid',
        `cpu is ${cpu} hundredths of a core: ${wish.name} has ${cpuHundredths}, and is given away at most ten times (${mostOvercommit(cpuHundredths)}, or -900%)`,
        { field: 'cpu' },
      )
    if (isTooMuch(memoryMiB, memory))
      throw fault(
        'invalid',
        `memory is ${memory} MiB: ${wish.name} has ${memoryMiB}, and is given away at most ten times (${mostOvercommit(memoryMiB)}, or -900%)`,
        { field: 'memory' },
      )
  }
}

/** Hosts that join the zone later take it over. Faults: 'not-found', 'invalid', 'unsupported', 'conflict', 'unavailable'. */
export const reserveOfZone = (
  context: Context,
  operator: Operator,
  zone: string,
  change: KeepsChange,
): Promise<readonly HostRecord[]> =>
  attempt(context, operator.actor, 'reserve-of-zone', async () => {
    await context.mirror.fresh()
    const hosts = context.mirror.all('host').filter(({ wish }) => wish.zone === zone && !wish.removing)
    if (hosts.length === 0)
      throw fault('not-found', `there is no availability zone ${zone}`, { subject: { kind: 'zone', id: zone } })
    const changed = hosts.map((host): HostRecord => {
      const wish = { ...host.wish, zoneKeeps: changedKeeps(host.wish.zoneKeeps, change, hosts) }
      return { ...host, rev: host.rev + 1, generation: host.generation + 1, wish }
    })
    const updates = hosts.flatMap((host, at) => {
      const wish = changed[at]?.wish
      return wish ? [hostUpdate(host, wish)] : []
    })
    return { value: changed, change: { updates } }
  })

/** What the zone's hosts are told, for one that comes to them. */
export function keepsOfZone({ mirror }: Context, zone: string): Pick<HostWish, 'zoneKeeps'> {
  const found = mirror.all('host').find(({ wish }) => wish.zone === zone && wish.zoneKeeps !== undefined)
  return found?.wish.zoneKeeps ? { zoneKeeps: found.wish.zoneKeeps } : {}
}
