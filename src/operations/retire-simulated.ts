/** The first real host ends the simulated ones: the empty ones are removed, the others take no more machines. */
import { fault } from '../faults'
import type { HostRecord } from '../model/records'
import type { Change } from '../store/store'
import type { Context } from './context'
import { type HostOrder, hostRemoval, hostUpdate, SIMULATOR } from './host-changes'

type Joining = Pick<HostOrder, 'driver' | 'retireSimulated'>
type Retired = Pick<Change, 'updates' | 'removals' | 'releases'>

/** Part of the change that adds a host. Fault: 'conflict' while hosts of the other sort serve the site and are to stay. */
export async function makeRoom(context: Context, order: Joining): Promise<Retired> {
  refuseBeside(context, order)
  return serving(context, order).length === 0 ? {} : retireSimulated(context, hostsOfOtherSort(context, order))
}

/**
 * Before a host joins, and before anything is changed on it: real and simulated ones never take orders together. Wants a fresh
 * mirror. Fault: 'conflict'.
 */
export function refuseBeside(context: Context, order: Joining): void {
  const others = serving(context, order).length
  if (others === 0) return
  if (order.driver === SIMULATOR)
    throw fault('conflict', 'real hosts serve this site; a simulated one cannot join them')
  if (order.retireSimulated) return
  throw fault(
    'conflict',
    `${others} simulated hosts serve this site; retire them with the first real host (retireSimulated, --retire-simulated)`,
    { field: 'retireSimulated' },
  )
}

const serving = (context: Context, order: Joining): readonly HostRecord[] =>
  hostsOfOtherSort(context, order).filter((host) => !host.wish.removing)

const hostsOfOtherSort = ({ mirror }: Context, { driver }: Joining): readonly HostRecord[] =>
  mirror.all('host').filter(({ wish }) => wish.provider === undefined && wish.simulated !== (driver === SIMULATOR))

async function retireSimulated(context: Context, hosts: readonly HostRecord[]): Promise<Retired> {
  const claims = await context.store.hostClaims(hosts.map((host) => host.id))
  const isEmpty = (index: number): boolean => Object.keys(claims[index]?.claims ?? {}).length === 0
  const empty = hosts.filter((_, index) => isEmpty(index)).map(hostRemoval)
  const full = hosts.filter((_, index) => !isEmpty(index))
  return {
    removals: empty.map(({ removal }) => removal),
    releases: empty.flatMap(({ releases }) => releases),
    updates: full.map((host) => hostUpdate(host, { ...host.wish, enabled: false, removing: true })),
  }
}
