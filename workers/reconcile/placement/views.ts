/**
 * Hosts as a plan sees them. A site has thousands, few of which changed since the last plan: what is claimed there is parsed, and the
 * view made, once for as long as the host's record and its claims are kept (store/kept-hosts.ts).
 */
import {
  type Demand,
  type HostClaim,
  type HostView,
  hostView,
  isMachineList,
  isMeasured,
  measuredIn,
  namesAsked,
  parseClaim,
  type Served,
  servedBy,
} from '../../../src/model/placement'
import type { HostRecord } from '../../../src/model/records'
import type { HostClaims } from '../../../src/store/store'
import type { Work } from '../work'

interface Read {
  readonly hosts: readonly HostRecord[]
  readonly held: readonly HostClaims[]
  readonly demands: readonly Demand[]
  readonly now: number
}

/** What expressions ask of hosts beside their records is read only where one asks for it. */
export async function viewsOf(work: Work, { hosts, held, demands, now }: Read): Promise<readonly HostView[]> {
  const names = [...namesAsked(demands)]
  const asked = Promise.all([
    names.some(isMeasured) ? readMeasured(work, hosts) : [],
    names.some(isMachineList) ? readInstances(work, held) : new Map<string, readonly Instance[]>(),
  ])
  // Made while that is read, which may fail first.
  asked.catch(() => undefined)
  const views = plainViews(hosts, held, now)
  const [measured, instances] = await asked
  return views.map((view, at) => withTraits(view, measured[at] ?? null, instances.get(view.id) ?? []))
}

/** Without what is measured, and without the names of machines. */
function plainViews(hosts: readonly HostRecord[], held: readonly HostClaims[], now: number): readonly HostView[] {
  const byHost = new Map(held.map((claims) => [claims.host, claims]))
  const served = servedBy(hosts)
  return hosts.map((record) => {
    const claims = byHost.get(record.id)
    return claims === undefined ? hostView({ record, claims: [] }, served, now) : viewOf(record, claims, served, now)
  })
}

type Instance = NonNullable<HostView['traits']>['instances'][number]
type Measured = NonNullable<HostView['traits']>['measured']

function withTraits(view: HostView, measured: Measured, instances: readonly Instance[]): HostView {
  const isPlain = measured === null && instances.length === 0
  return isPlain || view.traits === undefined ? view : { ...view, traits: { ...view.traits, measured, instances } }
}

async function readMeasured(work: Work, hosts: readonly HostRecord[]): Promise<readonly Measured[]> {
  const windows = await work.store.readUsage(
    hosts.map(({ id }) => id),
    'hosts',
  )
  return windows.map(measuredIn)
}

/** Who holds a place on each host. */
async function readInstances(
  work: Work,
  held: readonly HostClaims[],
): Promise<ReadonlyMap<string, readonly Instance[]>> {
  const found = await work.store.readMany('compute', [...new Set(held.flatMap(({ claims }) => Object.keys(claims)))])
  const byId = new Map<string, Instance>(
    found.flatMap((record) => (record ? [[record.id, { name: record.wish.name, project: record.project }]] : [])),
  )
  return new Map(held.map(({ host, claims }) => [host, Object.keys(claims).flatMap((id) => byId.get(id) ?? [])]))
}

interface Kept {
  readonly claims: readonly HostClaim[]
  /** One of them is what was promised to a machine. */
  readonly promises: boolean
  /** One of them is for a time of its own, and the view another one by then. */
  readonly holds: boolean
  /** As it was seen last. */
  seen?: { readonly record: HostRecord; readonly served: Served; readonly view: HostView }
}

/** By what the store keeps: a revision alone may be that of another server's. */
const kept = new WeakMap<HostClaims, Kept>()

function viewOf(record: HostRecord, held: HostClaims, served: Served, now: number): HostView {
  const { claims, holds, seen } = keptOf(held)
  if (seen?.record === record && seen.served === served) return seen.view
  const view = hostView({ record, claims }, served, now)
  // What a provider costs depends on the time, too.
  if (!holds && record.wish.provider === undefined) keptOf(held).seen = { record, served, view }
  return view
}

/** Whether something is promised there to a machine. */
export const promises = (held: HostClaims): boolean => keptOf(held).promises

function keptOf(held: HostClaims): Kept {
  const known = kept.get(held)
  if (known) return known
  const claims = Object.values(held.claims).map(parsedAlike)
  const made: Kept = {
    claims,
    promises: claims.some((claim) => claim.held?.machine !== undefined),
    holds: claims.some((claim) => claim.held !== undefined),
  }
  kept.set(held, made)
  return made
}

const MOST_ALIKE = 1000
const alike = new Map<string, HostClaim>()

/** Machines of one project and size claim the same, word for word. */
function parsedAlike(text: string): HostClaim {
  const known = alike.get(text)
  if (known) return known
  if (alike.size >= MOST_ALIKE) alike.clear()
  const claim = parseClaim(text)
  alike.set(text, claim)
  return claim
}
