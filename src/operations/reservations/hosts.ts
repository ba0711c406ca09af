import { type ClaimedHost, claimedHostsOf } from '../../model/placement'
import type { Context } from '../context'

/**
 * Hosts as the mirror has them, with what is claimed there as the store has it: whoever writes a claim names the revisions. Claims of hosts
 * that did not change since somebody asked last are neither read nor parsed anew.
 */
export async function claimedHosts({
  mirror,
  store,
}: Pick<Context, 'mirror' | 'store'>): Promise<readonly ClaimedHost[]> {
  const hosts = mirror.all('host')
  const told = new Map((await store.kept.claims(hosts.map(({ id }) => id))).map((one) => [one.host, one]))
  return claimedHostsOf(
    hosts,
    hosts.map(({ id }) => told.get(id)),
  )
}
