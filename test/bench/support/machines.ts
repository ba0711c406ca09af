/** Machines for a bench: ordered by the real operation in batches, then placed and seen running as workers would write it. */
import type { ComputePlace, ComputeRecord, ComputeSeen } from '../../../src/model/records'
import type { BenchSite, Tenant } from './site'

/** One order of EC2's clients. */
const ORDER = 50
const BATCH = 500

/** `tags` of each order, by its number. */
export async function makeMachines(
  site: BenchSite,
  tenant: Tenant,
  count: number,
  tags: (order: number) => Readonly<Record<string, string>>,
): Promise<void> {
  const { operations, context } = site
  const image = operations.defaults().image?.id
  if (image === undefined) throw new Error('the site has no image')
  for (let made = 0; made < count; made += ORDER) {
    const size = Math.min(ORDER, count - made)
    const order = { minCount: size, maxCount: size, image, type: 't2.micro', tags: tags(made / ORDER) }
    await operations.runComputes(tenant.caller, order)
  }
  const own = (await context.store.readAll('compute')).filter(({ project }) => project === tenant.project.id)
  for (let from = 0; from < own.length; from += BATCH) await settle(site, own.slice(from, from + BATCH))
  await context.mirror.fresh(tenant.project.id)
}

async function settle({ context: { store, clock } }: BenchSite, machines: readonly ComputeRecord[]): Promise<void> {
  const now = clock.now()
  const placement = await store.claim('placement', 'site', now)
  const hosts = await store.readAll('host')
  const claims = await store.hostClaims(hosts.map(({ id }) => id))
  if (!placement) throw new Error('the site has no placement')
  const placings = machines.map(({ id, project, epoch, rev, wish }, index) => {
    const host = hosts[index % hosts.length]
    if (!host) throw new Error('the site has no host')
    const { name: hostName, zone } = host.wish
    const place: ComputePlace = { host: host.id, hostName, zone, simulated: true, at: now, waiting: null }
    const on = { host: host.id, claim: JSON.stringify(wish.size) }
    return { ref: { kind: 'compute' as const, id }, project, epoch, rev, place, raisePhase: true, on }
  })
  const placed = await store.place(placement, claims, placings, now)
  if (placed.state !== 'done' || placed.placed.length !== machines.length) throw new Error(`placed: ${placed.state}`)
  const findings = machines.map(({ id, project, epoch, rev, wish }) => ({
    ref: { kind: 'compute' as const, id },
    ...{ project, epoch, rev: rev + 1, seen: seenRunning(wish, now), raisePhase: true, wake: false },
  }))
  const seen = await store.sight(findings, now)
  if (seen !== machines.length) throw new Error(`seen: ${seen} of ${machines.length}`)
}

const seenRunning = ({ name, starts, boots, resets }: ComputeRecord['wish'], now: number): ComputeSeen => ({
  ...{ at: now, host: null, contact: 'ok', hostBoot: 'boot-1', stoppedAt: null, goneAt: null },
  machine: { name, id: null, domain: 'running', disks: [], interfaces: [], work: null, startedAt: now },
  ...{ starts, boots, resets, startedAt: now },
})
