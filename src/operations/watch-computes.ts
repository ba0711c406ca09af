/** What operators see of machines: all projects', why one waits, what happened to it. */
import { fault } from '../faults'
import type { PriceBook } from '../model/accounts'
import { isUuid, type Ref } from '../model/ids'
import { lifecycle, stateMessage } from '../model/lifecycle'
import {
  type BurstSight,
  burstDemand,
  compiledRequirements,
  type Demand,
  demandOf,
  explain,
  type HostToView,
  type HostView,
  hostViews,
  hourOn,
  inTurn,
  MOST_WAITING,
  measuredIn,
  membersIn,
  networksOf,
  parseClaim,
  viewGroup,
  wantsPlace,
  wholeOf,
} from '../model/placement'
import type { ComputeRecord } from '../model/records'
import { type StorageRecord, volumesOf } from '../model/storage'
import type { HostClaims, Mirror, SiteEvent } from '../store/store'
import { pricesOf } from './accounts/record'
import type { Context } from './context'
import type { ExplainedHost, Explanation } from './explanation'
import { inOrder } from './hosts'
import { hostNamed, projectNamed } from './named'

/** Makes the mirror show what was acknowledged in every project. */
export async function freshEverywhere({ mirror }: Context): Promise<void> {
  await mirror.fresh()
  await mirror.fresh(...mirror.all('project').map((project) => project.id))
}

/** Faults: 'not-found' for a project or host that is not there. */
export async function listAllComputes(
  context: Context,
  filter: { readonly project?: string; readonly host?: string },
): Promise<readonly ComputeRecord[]> {
  await freshEverywhere(context)
  const project = filter.project === undefined ? undefined : projectNamed(context, filter.project).id
  const host = filter.host === undefined ? undefined : hostNamed(context, filter.host).id
  const computes = project === undefined ? context.mirror.all('compute') : context.mirror.list('compute', project)
  return host === undefined ? computes : computes.filter((compute) => compute.place.host === host)
}

/** By UUID or EC2 name. Faults: 'not-found'. */
export async function findCompute(context: Context, nameOrId: string): Promise<ComputeRecord> {
  await freshEverywhere(context)
  const record = isUuid(nameOrId) ? context.mirror.get('compute', nameOrId) : context.mirror.named(nameOrId)
  if (record?.kind === 'compute') return record
  throw fault('not-found', `there is no machine ${nameOrId}`, { subject: { kind: 'compute', id: nameOrId } })
}

/** Every host with every rule that refuses it now. Faults: 'not-found', 'unavailable'. */
export async function explainCompute(context: Context, nameOrId: string): Promise<Explanation> {
  const record = await findCompute(context, nameOrId)
  const now = context.clock.now()
  const hosts = inOrder(context.mirror.all('host'))
  const ids = hosts.map((host) => host.id)
  const [claims, windows] = await Promise.all([context.store.hostClaims(ids), context.store.readUsage(ids, 'hosts')])
  const instances = instancesIn(context.mirror)
  const views = hostViews(
    hosts.map((host, index) => ({
      record: host,
      // What the machine itself holds does not stand in its way; claims are written as the JSON of a Size.
      claims: Object.entries(claims[index]?.claims ?? {})
        .filter(([id]) => id !== record.id)
        .map(([, claim]) => parseClaim(claim))
        .filter(({ held }) => held?.machine !== record.id),
      measured: measuredIn(windows[index]),
      instances: instances.get(host.id) ?? [],
    })),
    now,
  )
  const volumes = volumesIn(context.mirror, record)
  const burst = burstDemand(record, { hosts, now, volumes, ...sightOf(context.mirror, record) })
  const demand = {
    ...demandOf(record, now, volumes),
    ...(burst ? { burst } : {}),
    ...groupOf(context.mirror, record, claims, views),
  }
  const asked = demand.preference?.requirements ?? []
  const warnings = asked.flatMap(
    (one) => compiledRequirements(one)?.warnings.map((said) => `${one.text}: ${said}`) ?? [],
  )
  const queue = wantsPlace(record) ? await queueOf(context, record) : null
  return {
    ...{ record, state: lifecycle(record), message: stateMessage(record), queue },
    ...{ hosts: withPrices(explain(demand, views), demand, views, pricesOf(context)), warnings },
  }
}

const withPrices = (
  verdicts: ReturnType<typeof explain>,
  { size }: Demand,
  views: readonly HostView[],
  book: PriceBook,
): readonly ExplainedHost[] =>
  verdicts.map((verdict, at) => {
    const view = views[at]
    return { ...verdict, hour: view ? hourOn(view, size, book) : null }
  })

/** What providers ask of a machine beside its record. */
function sightOf(mirror: Mirror, record: ComputeRecord): Pick<BurstSight, 'project' | 'networks'> {
  const found = networksOf(record).flatMap((id) => mirror.get('network', id) ?? [])
  const project = record.project === null ? undefined : mirror.get('project', record.project)
  return { project, networks: new Map(found.map((network) => [network.id, network])) }
}

/** Its turn among all that wait, as placement takes them: by priority, then the oldest first. */
async function queueOf({ store, mirror }: Context, record: ComputeRecord): Promise<Explanation['queue']> {
  const waiting = (await store.waiting(MOST_WAITING))
    .flatMap((id) => mirror.get('compute', id) ?? [])
    .filter(wantsPlace)
  const turn = inTurn(waiting.map((one) => demandOf(one, 0))).findIndex(({ id }) => id === record.id)
  return turn < 0 ? null : { turn: turn + 1, of: waiting.length }
}

type Instances = NonNullable<HostToView['instances']>

/** Who has a place on each host. */
function instancesIn(mirror: Mirror): ReadonlyMap<string, Instances> {
  const found = new Map<string, Instances[number][]>()
  for (const { place, wish, project } of mirror.all('compute')) {
    if (place.host === null) continue
    const there = found.get(place.host) ?? []
    there.push({ name: wish.name, project })
    found.set(place.host, there)
  }
  return found
}

/** Its placement group as it stands in the way: where the others are, and what all of them need that must be placed at once. */
function groupOf(
  mirror: Mirror,
  { id, project, wish: { placementGroup } }: ComputeRecord,
  held: readonly HostClaims[],
  views: readonly HostView[],
): Pick<Demand, 'group'> {
  const record = placementGroup && mirror.get('placementgroup', placementGroup.id)
  if (!placementGroup || !record) return {}
  const view = viewGroup(record, membersIn(held).get(record.id) ?? [], views, id)
  const { rule } = record.wish
  const waiting = mirror
    .list('compute', project)
    .filter((one) => one.wish.placementGroup?.id === record.id && wantsPlace(one))
    .map((one) => one.wish.size)
  const isWhole = rule.keeps === 'together' && rule.strength === 'hard' && view.held.size === 0
  const whole = isWhole ? wholeOf(rule, waiting, views) : undefined
  return { group: { view, partition: placementGroup.partition ?? null, ...(whole ? { whole } : {}) } }
}

const volumesIn = (mirror: Mirror, record: ComputeRecord): readonly StorageRecord[] =>
  volumesOf(record).flatMap((volume) => mirror.get('storage', volume.storage) ?? [])

/** Newest first. Faults: 'not-found', 'unavailable'. */
export async function computeEvents(context: Context, nameOrId: string, limit: number): Promise<readonly SiteEvent[]> {
  const { id } = await findCompute(context, nameOrId)
  const ref: Ref = { kind: 'compute', id }
  return context.store.history(ref, limit)
}
