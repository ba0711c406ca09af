import { type ClaimedHost, claimedHostsOf } from '../../model/placement'
import type { Context } from '../context'

/** Hosts as the mirror has them, with what is claimed there as the store has it: whoever writes a claim names the revisions. */
export async function claimedHosts({
  mirror,
  store,
}: Pick<Context, 'mirror' | 'store'>): Promise<readonly ClaimedHost[]> {
  const hosts = mirror.all('host')
  return claimedHostsOf(hosts, await store.hostClaims(hosts.map(({ id }) => id)))
}
