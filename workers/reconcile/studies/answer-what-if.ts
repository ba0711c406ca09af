/**
 * What becomes of machines if: the same code that places them, on a site that is changed as was asked. Machines of hosts that are
 * lost or drained are placed anew, then those that wait already, each in the order of its turn; in what is left of what was promised.
 */
import type { ComputeId, HostId } from '../../../src/model/ids'
import { type Demand, demandOf, demandToMove, FILTERS, type HostView, reasonsTold } from '../../../src/model/placement'
import {
  type ComputeRecord,
  type Fate,
  MOST_FATES,
  type WhatIfAnswer,
  type WhatIfAsk,
} from '../../../src/model/records'
import { place } from '../../scheduler/place'
import { afterFence } from '../fencing/after-fence'
import { withGroups } from '../placement/groups'
import { isLeased, promisedIf } from './promised-if'
import type { StudiedSite } from './read-site'

interface Displaced {
  readonly record: ComputeRecord
  readonly demand: Demand
}

export function answerWhatIf(site: StudiedSite, { changes }: WhatIfAsk): WhatIfAnswer {
  const lost = hostsOf(changes, 'lose')
  const drained = hostsOf(changes, 'drain')
  const gone = new Set([...lost, ...drained])
  const left = [...site.views.filter(({ id }) => !gone.has(id)), ...added(site, changes)]
  const promised = promisedIf(site, { gone, views: left })
  const { views } = promised
  const waiting = site.waiting.filter((one) => !isLeased(one))
  const { displaced, stays } = displace(site, lost, drained)
  const records = new Map<ComputeId, ComputeRecord>([...displaced, ...waiting].map(({ record }) => [record.id, record]))
  const machines = withGroups(
    [...displaced, ...waiting].map(({ demand }) => demand),
    [...records.values()],
    site.groups,
    // Others of a group may stay on a host that is gone; it counts for no partition.
    [...views, ...site.views.filter(({ id }) => gone.has(id)).map((view) => ({ ...view, enabled: false }))],
    without(site.held, displaced),
  )
  const plan = place({ hosts: views, machines }, machines.length)
  const names = new Map(views.map(({ id, name }) => [id, name]))
  const demands = new Map(machines.map((demand) => [demand.id, demand]))
  const moved = plan.placed.map(({ machine, host }) => fate(records.get(machine), names.get(host) ?? null, ''))
  const unplaced = plan.left.map(({ machine, waiting }) => {
    const demand = demands.get(machine)
    const because = reasonsTold(waiting.reasons)
    const fits = demand !== undefined && views.some((view) => couldEver(demand, view))
    return { fits, fate: fate(records.get(machine), null, because || 'there is no host') }
  })
  const move = [...promised.move, ...moved]
  const wait = [...promised.wait, ...unplaced.flatMap(({ fits, fate }) => (fits ? [fate] : []))]
  const unfit = [...promised.unfit, ...unplaced.flatMap(({ fits, fate }) => (fits ? [] : [fate]))]
  return {
    kind: 'whatif',
    hosts: { before: site.views.length, after: views.length },
    counts: { move: move.length, stay: stays.length, wait: wait.length, unfit: unfit.length },
    move: move.slice(0, MOST_FATES),
    stay: stays.slice(0, MOST_FATES),
    wait: wait.slice(0, MOST_FATES),
    unfit: unfit.slice(0, MOST_FATES),
  }
}

const hostsOf = (changes: WhatIfAsk['changes'], kind: 'lose' | 'drain'): ReadonlySet<HostId> =>
  new Set(changes.flatMap((change) => (change.kind === kind ? change.hosts : [])))

const fate = (record: ComputeRecord | undefined, to: string | null, because: string): Fate => ({
  name: record?.wish.name ?? '',
  project: record?.project ?? null,
  from: record?.place.hostName ?? null,
  to,
  because,
})

/** With nothing on it, and nothing promised. */
function emptied({
  ahead: _promised,
  slots: _reserved,
  tenants: _tenants,
  keptFor: _kept,
  ...view
}: HostView): HostView {
  return { ...view, machines: 0, free: view.usable }
}

/** Whether it would fit there with nothing else on it, wherever others of its group are, and once it waited. */
function couldEver({ group: _others, burst, ...demand }: Demand, view: HostView): boolean {
  const patient = { ...demand, ...(burst ? { burst: { ...burst, patienceMs: Number.POSITIVE_INFINITY } } : {}) }
  return FILTERS.every((filter) => filter.admits(patient, emptied(view)) === true)
}

/** What is claimed, as if they had left. */
function without(held: StudiedSite['held'], displaced: readonly Displaced[]): StudiedSite['held'] {
  const left = new Set<string>(displaced.map(({ record }) => record.id))
  return held.map((one) => ({
    ...one,
    claims: Object.fromEntries(Object.entries(one.claims).filter(([id]) => !left.has(id))),
  }))
}

/** New hosts are empty, answer, and are like the one named in all else. */
function added(site: StudiedSite, changes: WhatIfAsk['changes']): readonly HostView[] {
  return changes.flatMap((change) => {
    if (change.kind !== 'add') return []
    const like = site.views.find(({ id }) => id === change.like)
    if (!like) return []
    return Array.from(
      { length: change.count },
      (_, at): HostView => ({
        ...emptied(like),
        id: `new-${like.id}-${String(at).padStart(6, '0')}` as HostId,
        name: `like ${like.name} (${at + 1})`,
        enabled: true,
        answers: true,
        ...(like.traits ? { traits: { ...like.traits, measured: null, instances: [] } } : {}),
      }),
    )
  })
}

/** Machines that need another place, and those that stay on a host that is lost, with the reason that their owner would read. */
function displace(
  site: StudiedSite,
  lost: ReadonlySet<HostId>,
  drained: ReadonlySet<HostId>,
): { readonly displaced: readonly Displaced[]; readonly stays: readonly Fate[] } {
  const displaced: Displaced[] = []
  const stays: Fate[] = []
  for (const { record, volumes } of site.placed) {
    const { host } = record.place
    if (host === null || !record.wish.exists) continue
    if (drained.has(host)) {
      displaced.push({ record, demand: demandToMove(record, site.now, volumes, site.placement) })
    } else if (lost.has(host)) {
      const find = (id: string) => volumes.find((volume) => volume.id === id)
      const after = afterFence(record, { id: host }, { how: 'confirmed', at: site.now, boot: null }, find)
      if (after.kind === 'stay') stays.push(fate(record, null, after.message))
      if (after.kind === 'elsewhere')
        displaced.push({
          record,
          demand: { ...demandOf(record, site.now, volumes, site.placement), ...site.bursts(record, volumes) },
        })
    }
  }
  return { displaced, stays }
}
