/** The first real host ends the simulated ones: the empty ones are removed, the others take no more machines. */
import type { HostRecord } from '../model/records'
import type { Change } from '../store/store'
import type { Context } from './context'
import { hostRemoval, hostUpdate } from './host-changes'

/** Part of the change that adds the real host: all or nothing. */
export async function retireSimulated(
  context: Context,
  hosts: readonly HostRecord[],
): Promise<Pick<Change, 'updates' | 'removals' | 'releases'>> {
  const claims = await context.store.hostClaims(hosts.map((host) => host.id))
  const isEmpty = (index: number): boolean => Object.keys(claims[index]?.claims ?? {}).length === 0
  const empty = hosts.filter((_, index) => isEmpty(index)).map(hostRemoval)
  const full = hosts.filter((_, index) => !isEmpty(index))
  return {
    removals: empty.map(({ removal }) => removal),
    releases: empty.map(({ release }) => release),
    updates: full.map((host) => hostUpdate(host, { ...host.wish, enabled: false, removing: true })),
  }
}
