/** Tags of a launch that say how long its machines need their places. As those of placement they stay tags, and count at the launch alone. */
import { fault } from '../../faults'
import type { LeaseWish } from '../../model/records'
import type { RunOrder } from '../../operations/operations'

const PREFIX = 'occi-gateway:'
const field = 'TagSpecification.Tag'

export const LEASE_TAGS = {
  preemptible: `${PREFIX}preemptible`,
} as const

/** Faults: 'invalid'. */
export function leaseAsked(tags: Readonly<Record<string, string>>): Pick<RunOrder, 'lease'> {
  const lease: LeaseWish = { ...(isTrue(tags, LEASE_TAGS.preemptible) ? { preemptible: true } : {}) }
  return Object.keys(lease).length === 0 ? {} : { lease }
}

function isTrue(tags: Readonly<Record<string, string>>, key: string): boolean {
  const said = tags[key]
  if (said === undefined || said === 'false') return false
  if (said === 'true') return true
  throw fault('invalid', `${key} is true or false`, { field, allowed: ['true', 'false'] })
}
