import { fault } from '../../faults'
import type { ComputeRecord, HostRecord } from '../../model/records'
import type { Mirror } from '../../store/store'
import { hintOfPools } from './provider-pools'

const lackOf = ({ seen }: Pick<HostRecord, 'seen'>): string | undefined =>
  seen.capabilities?.lacks.find(({ verb }) => verb === 'addresses')?.because

/**
 * What no host of the site can do is refused before anything changes. Before the first host has answered nobody can know.
 * Faults: 'unsupported', with the hosts' reason.
 */
export function refuseUnpublished(mirror: Pick<Mirror, 'all'>): void {
  const hosts = mirror.all('host').filter(({ wish, seen }) => !wish.removing && seen.capabilities !== null)
  const lacks = hosts.map(lackOf)
  const [first] = lacks
  if (first === undefined || lacks.includes(undefined)) return
  throw fault(
    'unsupported',
    `no host of this site has public addresses lead to machines: ${first}${hintOfPools(mirror)}`,
  )
}

/** A machine stays where it is: its own host must be able to. Faults: 'unsupported'. */
export function refuseUnpublishedPlace(mirror: Pick<Mirror, 'all' | 'get'>, { id, place }: ComputeRecord): void {
  refuseUnpublished(mirror)
  const host = place.host === null ? undefined : mirror.get('host', place.host)
  const lack = host && lackOf(host)
  if (lack === undefined) return
  const hint = host?.wish.provider === undefined ? '' : hintOfPools(mirror)
  throw fault(
    'unsupported',
    `the host that this machine is on has no public addresses lead to machines: ${lack}${hint}`,
    { subject: { kind: 'compute', id } },
  )
}
