/** A lab host as the gateway's own parts name it. */
import { createHash } from 'node:crypto'
import type { HostId } from '../../../src/model/ids'
import type { HostTarget } from '../../../workers/drivers/driver'
import type { Door } from './ssh'

/** As in a host's record. */
export const addressOf = ({ user, sshPort }: Door): string => `ssh://${user}@127.0.0.1:${sshPort}`

/** The pinned key as `ssh-keygen -lf` prints it. */
export function fingerprintOf({ hostKey }: Door): string {
  const blob = Buffer.from(hostKey.split(' ')[1] ?? '', 'base64')
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`
}

export const hostTarget = (door: Door): HostTarget => ({
  id: door.name as HostId,
  name: door.name,
  address: addressOf(door),
  hostKeys: [fingerprintOf(door)],
})
