/** Where a host is: the address in its record, `ssh://user@host[:port]`, and the host keys that were pinned when it was added. */
import { fault } from '../../../src/faults'

export interface RemoteTarget {
  readonly user: string
  readonly host: string
  readonly port: number
  /** Pinned, `SHA256:…` as `ssh-keygen -lf` prints them; one of them has to be the host's. None: nothing is trusted. */
  readonly hostKeys: readonly string[]
}

const ADDRESS =
  /^ssh:\/\/([A-Za-z_][A-Za-z0-9._-]{0,63})@(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9][A-Za-z0-9.-]{0,252})(?::(\d{1,5}))?$/
const SSH_PORT = 22

/** Reads a host record's address. Fault: 'refused' for what is none. */
export function remoteTarget(address: string, hostKeys: readonly string[]): RemoteTarget {
  const match = ADDRESS.exec(address)
  const [user, host] = [match?.[1], match?.[2]]
  const port = match?.[3] === undefined ? SSH_PORT : Number(match[3])
  if (user === undefined || host === undefined || port < 1 || port > 65_535)
    throw fault('refused', `${address} is not an address of the form ssh://user@host[:port]`)
  return { user, host: host.replace(/^\[|\]$/g, ''), port, hostKeys }
}

/** Where a connection leads, for messages and as the name of its lane. */
export const nameOf = ({ user, host, port }: RemoteTarget): string =>
  `${user}@${host.includes(':') ? `[${host}]` : host}:${port}`
