/** Networks that a project may use: those for everybody and its own. Another project's does not exist. */
import { fault } from '../../faults'
import type { NetworkId } from '../../model/ids'
import { heldInterfaces, type NetworkRecord } from '../../model/records'
import type { Mirror } from '../../store/store'
import type { Caller, Context } from '../context'
import { inUse } from '../offers/use'

type Reads = Pick<Mirror, 'get' | 'list'>

export const noNetwork = (id: string) =>
  fault('not-found', `there is no network ${id.slice(0, 64)}`, { field: 'network', subject: { kind: 'network', id } })

/** From the mirror as it is; deleted ones too. Faults: 'not-found'. */
export function seenNetwork(mirror: Reads, caller: Pick<Caller, 'project'>, id: NetworkId): NetworkRecord {
  const record = mirror.get('network', id)
  const isShown = record?.project === null ? record.wish.isPublic !== true : record?.project === caller.project
  if (record && isShown) return record
  throw noNetwork(id)
}

/** One of the project's own, that is there. Faults: 'not-found', 'forbidden' for the operator's. */
export function ownNetwork(mirror: Reads, caller: Caller, id: NetworkId): NetworkRecord {
  const record = seenNetwork(mirror, caller, id)
  if (!record.wish.exists) throw noNetwork(id)
  if (record.project === null)
    throw fault('forbidden', `the network ${record.wish.name} is for everybody: only its operator changes it`, {
      subject: { kind: 'network', id },
    })
  return record
}

/** Faults: 'not-found'. */
export async function getNetwork({ mirror }: Context, caller: Caller, id: NetworkId): Promise<NetworkRecord> {
  await mirror.fresh(caller.project)
  return seenNetwork(mirror, caller, id)
}

/** Machines of its project that are on it. */
const usersOf = (mirror: Reads, record: NetworkRecord) =>
  mirror
    .list('compute', record.project)
    .filter((machine) => machine.seen.goneAt === null)
    .filter((machine) => heldInterfaces(machine).some(({ network }) => network === record.id))

export const isUsed = (mirror: Reads, record: NetworkRecord): boolean => usersOf(mirror, record).length > 0

/** Faults: 'in-use' naming machines that are on it. */
export function refuseUsed(mirror: Reads, record: NetworkRecord): void {
  const users = usersOf(mirror, record)
  if (users.length > 0) throw inUse(record, `the network ${record.wish.title || record.wish.subnet}`, users)
}
