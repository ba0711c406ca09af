/** What an owner says of the host itself (EC2 Placement: Tenancy, HostId, Affinity), and the name by which tenants know a host. */
import { type HostId, shortName } from './ids'

/** Of a machine that is not like any other; a machine without says nothing. */
export interface Hosting {
  /** No machine of another project is on its host, nor comes there (EC2 tenancy dedicated, host). */
  readonly alone?: true
  /** The host that was named: it gets its first place there or nowhere. */
  readonly host?: HostId
  /** It is never elsewhere (EC2 affinity host). */
  readonly stays?: true
}

/** `h-` and the first 17 hex digits of its id. */
export const hostName = (id: HostId): string => shortName('host', id.replaceAll('-', '').slice(0, 17))

/** What counts where a machine goes that had a place before: the host that was named does only where it stays there. */
export function lastingHosting(hosting: Hosting | undefined): Hosting | undefined {
  if (hosting?.host === undefined || hosting.stays) return hosting
  return hosting.alone ? { alone: true } : undefined
}
