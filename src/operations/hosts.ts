/** Hosts: where machines run. Real and simulated ones never take orders of one site together. */
import { fault } from '../faults'
import type { Grant } from '../model/fencing'
import { isReal, parseClaim } from '../model/placement'
import { isProviderKind } from '../model/providers/record'
import type { HostRecord } from '../model/records'
import type { HostWindow } from '../model/usage'
import { attempt } from './attempt'
import { checkName } from './check-name'
import type { Context, Operator } from './context'
import { created } from './created'
import { checkAddress, keysShown } from './host/check'
import { refuseUsed } from './host/orders'
import { refuseTwin } from './host/refuse-twin'
import { keepsOfZone } from './host/reserve'
import { type HostOrder, hostRemoval, hostUpdate, newHost, SIMULATOR } from './host-changes'
import { hostNamed } from './named'
import { makeRoom } from './retire-simulated'

/**
 * Refused ('conflict') where hosts of the other sort serve the site; a real one may replace the simulated ones with
 * `retireSimulated`. Faults: 'invalid', 'exists' (also under another name), 'conflict', 'unavailable'.
 */
export async function addHost(context: Context, operator: Operator, order: HostOrder): Promise<HostRecord> {
  for (const field of ['zone', 'driver'] as const) checkName(field, field, order[field])
  checkName('host', 'name', order.name)
  checkAddress(order.address)
  if (isProviderKind(order.driver))
    throw fault('invalid', `${order.driver} drives providers: add one with provider add`, { field: 'driver' })
  return attempt(context, operator.actor, 'add-host', async () => {
    await context.mirror.fresh()
    if (context.mirror.named(`host:${order.name}`))
      throw fault('exists', `there is a host ${order.name} already`, { field: 'name' })
    const retired = await makeRoom(context, order)
    const hostKeys = await keysOf(context, order)
    refuseTwin(context, { ...order, ...hostKeys })
    const made = newHost({ ...order, ...hostKeys }, context.clock.now())
    const create = { ...made.create, wish: { ...made.wish, ...keepsOfZone(context, order.zone) } }
    return {
      value: created('host', create),
      change: {
        creates: [create],
        takes: made.takes,
        ...retired,
      },
    }
  })
}

/** A real host joins by a check that found it fit; whom it showed itself to be is pinned. */
async function keysOf(context: Context, order: HostOrder): Promise<Pick<HostOrder, 'hostKeys'>> {
  if (order.driver === SIMULATOR) return {}
  if (order.check === undefined)
    throw fault('missing', 'a host joins by a check that found it fit (host add does both)', { field: 'check' })
  const hostKeys = await keysShown(context, order.check, order, 'fit')
  return hostKeys.length === 0 ? {} : { hostKeys }
}

export type HostWithUse = HostRecord & {
  readonly used: {
    readonly machines: number
    readonly cpuHundredths: number
    readonly memoryMiB: number
    readonly diskGiB: number
  }
  /** What it and its machines used when it answered last; null: it did not for a day. */
  readonly latest: HostWindow | null
}

/** By name as people count: sim-2 before sim-10. */
export const inOrder = (hosts: readonly HostRecord[]): readonly HostRecord[] =>
  [...hosts].sort((a, b) => a.wish.name.localeCompare(b.wish.name, 'en', { numeric: true }))

/** All hosts with what is claimed on them and what they use, by name. `hosts`: without what their machines use. */
export async function listHosts(
  { mirror, store }: Context,
  what: 'hosts' | 'machines' = 'hosts',
): Promise<readonly HostWithUse[]> {
  await mirror.fresh()
  const hosts = inOrder(mirror.all('host'))
  const ids = hosts.map((host) => host.id)
  const [claims, latest, grants] = await Promise.all([
    store.hostClaims(ids),
    store.readUsage(ids, what),
    lastGrants(store, hosts),
  ])
  return hosts.map((host, index) => ({
    ...host,
    seen: { ...host.seen, grant: grants.get(host.id) ?? null },
    used: sum(Object.values(claims[index]?.claims ?? {})),
    latest: latest[index] ?? null,
  }))
}

/** Time is granted with every look, which is no news: mirrors hear nothing of it. */
async function lastGrants(store: Context['store'], hosts: readonly HostRecord[]): Promise<ReadonlyMap<string, Grant>> {
  const watched = hosts.filter(({ wish }) => wish.fencing?.selfMs !== undefined).map(({ id }) => id)
  const records = watched.length === 0 ? [] : await store.readMany('host', watched)
  return new Map(records.flatMap((record) => (record?.seen.grant ? [[record.id, record.seen.grant]] : [])))
}

function sum(claims: readonly string[]): HostWithUse['used'] {
  const sizes = claims.map(parseClaim).filter(({ held }) => held === undefined)
  return {
    machines: sizes.filter((size) => size.cores > 0).length,
    cpuHundredths: sizes.reduce((total, size) => total + size.cpuHundredths, 0),
    memoryMiB: sizes.reduce((total, size) => total + size.memoryMiB, 0),
    diskGiB: sizes.reduce((total, size) => total + size.diskGiB, 0),
  }
}

/** A disabled host keeps its machines and takes no new ones; enabling one ends its drain. Faults: 'not-found', 'conflict', 'unavailable'. */
export async function setHostEnabled(
  context: Context,
  operator: Operator,
  name: string,
  enabled: boolean,
): Promise<HostRecord> {
  return attempt(context, operator.actor, enabled ? 'enable-host' : 'disable-host', async () => {
    await context.mirror.fresh()
    const host = hostNamed(context, name)
    const realServes = context.mirror.all('host').some((other) => isReal(other) && !other.wish.removing)
    if (enabled && host.wish.simulated && realServes)
      throw fault('conflict', 'real hosts serve this site; a simulated one cannot join them')
    const { drain, ...rest } = host.wish
    const wish = {
      ...rest,
      ...(drain && !enabled ? { drain: { ...drain, wasEnabled: false } } : {}),
      enabled,
      removing: enabled ? false : host.wish.removing,
      leaves: enabled ? false : (host.wish.leaves ?? false),
    }
    const record: HostRecord = { ...host, rev: host.rev + 1, generation: host.generation + 1, wish }
    return { value: record, change: { updates: [hostUpdate(host, wish)] } }
  })
}

/**
 * A simulated host goes at once. A real one takes no machines any more; a worker takes what is ours off it, and its record goes
 * then. Faults: 'not-found', 'in-use' while machines have their place there, 'unavailable'.
 */
export async function removeHost(context: Context, operator: Operator, name: string): Promise<void> {
  await attempt(context, operator.actor, 'remove-host', async () => {
    await context.mirror.fresh()
    const host = hostNamed(context, name)
    await refuseUsed(context, host)
    // The script refuses it when a machine was placed there meanwhile.
    if (host.wish.simulated) {
      const { removal, releases } = hostRemoval(host)
      return { value: undefined, change: { removals: [removal], releases } }
    }
    const wish = { ...host.wish, enabled: false, removing: true, leaves: true }
    return { value: undefined, change: { updates: [hostUpdate(host, wish)] } }
  })
}
