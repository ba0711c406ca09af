import type { ComputeId, HostId } from '../../../src/model/ids'
import { hasFailed, lifecycle, movableFrom } from '../../../src/model/lifecycle'
import { demandToMove, membersIn } from '../../../src/model/placement'
import type { ComputeRecord, HostRecord, RebalanceAnswer, RebalanceAsk, StudiedMove } from '../../../src/model/records'
import { type PlannedMove, rebalance, type Seated } from '../../scheduler/rebalance'
import type { StudiedSite } from './read-site'

/** The plan, with names for who reads it. Machines on their way, failed ones, and hosts that are drained stay out of it. */
export function answerRebalance(site: StudiedSite, ask: RebalanceAsk): RebalanceAnswer {
  const hosts = new Map<HostId, HostRecord>(site.hosts.map((host) => [host.id, host]))
  const records = new Map<ComputeId, ComputeRecord>(site.placed.map(({ record }) => [record.id, record]))
  const seated = site.placed.flatMap(({ record, volumes }): Seated[] => {
    const { host } = record.place
    if (host === null) return []
    const demand = demandToMove(record, site.now, volumes, site.placement)
    const { placementGroup: group } = record.wish
    return [{ demand, host, how: wayOf(record, hosts.get(host)), ...(group ? { group } : {}) }]
  })
  const members = membersIn(site.held)
  const groups = [...site.groups.records].map(([id, one]) => ({ record: one, members: members.get(id) ?? [] }))
  const { moves, before, after } = rebalance(site.views, seated, ask, groups)
  const named = (move: PlannedMove): StudiedMove => ({
    ...move,
    name: records.get(move.machine)?.wish.name ?? '',
    fromName: hosts.get(move.from)?.wish.name ?? '',
    toName: hosts.get(move.to)?.wish.name ?? '',
    state: 'planned',
    message: null,
  })
  return { kind: 'rebalance', before, after, moves: moves.map(named) }
}

/** What runs is moved live or not at all. */
function wayOf(record: ComputeRecord, host: HostRecord | undefined): Seated['how'] {
  // A place in a reservation would be left empty; what gave way waits for its own.
  if (record.place.reservation || record.place.parked) return null
  if (!record.wish.exists || record.place.moving || hasFailed(record) || record.wish.adopted || !host) return null
  const state = lifecycle(record)
  const how = movableFrom('live').includes(state) ? 'live' : 'cold'
  if (!movableFrom(how).includes(state) || record.seen.contact === 'lost') return null
  const verb = how === 'live' ? 'move-live' : 'move-cold'
  return host.seen.capabilities?.lacks.some((lack) => lack.verb === verb) ? null : how
}
