import { fault } from '../../faults'
import type { ProviderWish } from '../../model/providers/record'
import type { HostRecord } from '../../model/records'
import type { Context } from '../context'
import { hostNamed } from '../named'

/** Fault: 'not-found', also for a host of the operator's own. */
export function providerNamed(context: Context, name: string): HostRecord {
  const host = hostNamed(context, name)
  providerOf(host)
  return host
}

/** Fault: 'not-found'. */
export function providerOf({ wish }: HostRecord): ProviderWish {
  if (wish.provider !== undefined) return wish.provider
  throw fault('not-found', `${wish.name} is a host, and no provider`, { subject: { kind: 'host', id: wish.name } })
}
