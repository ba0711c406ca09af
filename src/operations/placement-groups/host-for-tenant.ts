/** A host by the name that tenants know it by: only where the site tells them. */
import { fault } from '../../faults'
import { hostName } from '../../model/hosting'
import type { HostId } from '../../model/ids'
import type { Context } from '../context'

const FIELD = 'Placement.HostId'

/** Faults: 'unsupported', 'not-found' (no such host, or one that is a provider). */
export function hostForTenant({ mirror, hostIds }: Pick<Context, 'mirror' | 'hostIds'>, name: string): HostId {
  if (hostIds === undefined)
    throw fault('unsupported', 'this site lets no tenant name a host (HostId): its operator says where machines are', {
      field: FIELD,
    })
  const found = mirror
    .all('host')
    .find(({ id, wish }) => hostName(id) === name && !wish.removing && wish.provider === undefined)
  if (found) return found.id
  throw fault('not-found', `The host ID '${name}' does not exist`, {
    field: FIELD,
    subject: { kind: 'host', id: name },
  })
}
