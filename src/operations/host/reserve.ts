/** What operators keep back of hosts, or give away more than once: of one host, or of all of a zone. */
import { fault } from '../../faults'
import { isAmount, isOvercommit, whyNoMemoryTwice } from '../../model/placement'
import type { HostKeeps, HostRecord, HostWish } from '../../model/records'
import { attempt } from '../attempt'
import type { Context, Operator } from '../context'
import { hostUpdate } from '../host-changes'
import type { KeepsChange } from './operations'

/** Faults: 'invalid', and 'unsupported' where the hypervisor cannot give memory twice. */
export function changedKeeps(
  before: HostKeeps | undefined,
  change: KeepsChange,
  drivers: readonly string[],
): HostKeeps {
  for (const [field, text] of Object.entries(change))
    if (text !== null && !isAmount(text))
      throw fault('invalid', `${field} is an amount, or a share from -900% to 100% with %: 100, 10%, -50%`, { field })
  const why = isOvercommit(change.memory ?? undefined)
    ? drivers.flatMap((one) => whyNoMemoryTwice(one) ?? [])[0]
    : undefined
  if (why) throw fault('unsupported', `memory cannot be given away more than once here: ${why}`, { field: 'memory' })
  const all = Object.entries({ ...before, ...change })
  return Object.fromEntries(all.filter(([, text]) => text !== null)) as HostKeeps
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
    const drivers = hosts.map(({ wish }) => wish.driver)
    const changed = hosts.map((host): HostRecord => {
      const wish = { ...host.wish, zoneKeeps: changedKeeps(host.wish.zoneKeeps, change, drivers) }
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
