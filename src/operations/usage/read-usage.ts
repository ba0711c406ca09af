/** What hosts and machines use, from the windows that host jobs keep: one look at all of it, or one window of one thing. */
import { lifecycle } from '../../model/lifecycle'
import type { HostWindow, Point, Window } from '../../model/usage'
import type { CostReport } from '../accounts/operations'
import type { Context } from '../context'
import { listHosts } from '../hosts'
import { hostNamed } from '../named'
import { findCompute, freshEverywhere } from '../watch-computes'
import type { MachineInUse, SiteUsage } from './operations'

/** Fault: 'unavailable'. */
export async function siteUsage(context: Context, readCosts: () => Promise<CostReport>): Promise<SiteUsage> {
  const { mirror, store, queue, clock } = context
  await freshEverywhere(context)
  const [hosts, backlog, costs, jobs] = await Promise.all([
    listHosts(context, 'machines'),
    store.backlog(clock.now()),
    readCosts(),
    queue.depth?.() ?? null,
  ])
  const latest = new Map(hosts.map((host) => [host.id, host.latest]))
  return {
    at: clock.now(),
    hosts,
    machines: mirror
      .all('compute')
      .filter((record) => lifecycle(record) !== 'done')
      .map(
        (record): MachineInUse => ({
          record,
          project: mirror.get('project', record.project ?? '')?.wish.name ?? '',
          host: record.place.hostName,
          kept: keptOf(record.place.host === null ? null : (latest.get(record.place.host) ?? null), record.wish.name),
        }),
      ),
    projects: mirror.all('project').map(({ wish }) => wish.name),
    backlog,
    costs,
    jobs,
  }
}

const keptOf = (window: HostWindow | null, name: string): MachineInUse['kept'] =>
  window && Object.hasOwn(window.machines, name) ? (window.machines[name] ?? null) : null

/** Faults: 'not-found', 'unavailable'. */
export async function usagePoints(
  context: Context,
  { kind, name }: { readonly kind: 'host' | 'machine'; readonly name: string },
  window: Window,
): Promise<readonly Point[]> {
  const { store, clock, mirror } = context
  if (kind === 'machine') {
    const { wish } = await findCompute(context, name)
    return store.usagePoints({ kind, name: wish.name }, window, clock.now())
  }
  await mirror.fresh()
  return store.usagePoints({ kind, id: hostNamed(context, name).id }, window, clock.now())
}
