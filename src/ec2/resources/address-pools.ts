/** Pools of public addresses as EC2 names them: `ipv4pool-ec2-…`, after the name of their network. */
import { fault } from '../../faults'
import type { NetworkId } from '../../model/ids'
import { isShortName, SHORT_PREFIXES } from '../../model/ids'
import type { NetworkRecord } from '../../model/records'
import type { PoolView } from '../../operations/addresses/operations'
import type { Ec2Context } from '../action'
import { shorten } from '../codec'
import { pick } from '../filters/pick'

export const poolName = ({ wish }: NetworkRecord): string =>
  wish.subnet.replace(SHORT_PREFIXES.network, SHORT_PREFIXES.addresspool)

/** Those of these ids, or all. Faults: 'malformed', 'not-found'. */
export async function poolsAsked(
  ids: readonly string[] | undefined,
  { operations, caller }: Ec2Context,
): Promise<readonly PoolView[]> {
  for (const id of ids ?? [])
    if (!isShortName('addresspool', id))
      throw fault('malformed', `Invalid id: "${shorten(id)}" (expecting "ipv4pool-ec2-...")`, {
        field: 'PoolId',
        subject: { kind: 'addresspool', id: shorten(id) },
      })
  return pick(await operations.listPools(caller), ids, {
    nameOf: ({ network }) => poolName(network),
    field: 'PoolId',
    subject: 'addresspool',
    says: (missing) => `The pool ID '${missing}' does not exist`,
  })
}

/** What EC2's clients name that want any. */
const ANY = 'amazon'

/** The pool to lease from; undefined: any. Faults: as poolsAsked's. */
export async function poolNamed(id: string | undefined, context: Ec2Context): Promise<NetworkId | undefined> {
  if (id === undefined || id === '' || id === ANY) return undefined
  return (await poolsAsked([id], context))[0]?.network.id
}
