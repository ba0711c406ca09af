/** Checks of hosts: the wish is written, a worker looks and writes what it found, and the caller asks until it is there. */
import { fault } from '../../faults'
import type { HostCheckId } from '../../model/ids'
import type { HostCheckRecord, HostCheckWish } from '../../model/records'
import { attempt } from '../attempt'
import { checkName } from '../check-name'
import type { Context, Operator } from '../context'
import { created } from '../created'
import { drawId } from '../draw'
import { refuseBeside } from '../retire-simulated'
import type { HostCheckOrder } from './operations'
import { refuseTwin } from './refuse-twin'

const HOST_KEY = /^SHA256:[A-Za-z0-9+/]{43}$/

/**
 * One that mends is for a host that is to join: where it could not join anyhow, nothing is done on it. Faults: 'invalid' for a key
 * that is no fingerprint, 'exists' for a host that joined under another name, 'conflict' beside hosts of the other sort, 'unavailable'.
 */
export async function checkHost(context: Context, operator: Operator, order: HostCheckOrder): Promise<HostCheckRecord> {
  const { name, driver, address, hostKeys = [], how } = order
  checkName('host', 'name', name)
  checkName('driver', 'driver', driver)
  checkAddress(address)
  const odd = hostKeys.find((key) => !HOST_KEY.test(key))
  if (odd !== undefined)
    throw fault('invalid', `${odd} is not the fingerprint of a host key; one looks like SHA256:… (ssh-keygen -lf)`, {
      field: 'hostKeys',
    })
  return attempt(context, operator.actor, 'check-host', async () => {
    if (how === 'mends') {
      await context.mirror.fresh()
      refuseBeside(context, order)
      refuseTwin(context, { name, driver, address })
    }
    const id = drawId<HostCheckId>()
    const createdAt = context.clock.now()
    const wish: HostCheckWish = { name, driver, address, hostKeys, mends: how === 'mends', createdAt }
    const ref = { kind: 'hostcheck', id } as const
    const create = { ref, project: null, wish, seen: null, journal: null, place: null, wake: true }
    return { value: created('hostcheck', create), change: { creates: [create] } }
  })
}

/** Fault: 'invalid'. */
export function checkAddress(address: string): void {
  if (address === '' || address.length > 512)
    throw fault('invalid', 'address says how the driver reaches the host, in at most 512 characters', {
      field: 'address',
    })
}

/** Faults: 'not-found' (also once it is forgotten, an hour later). */
export async function hostCheck(context: Context, id: string): Promise<HostCheckRecord> {
  await context.mirror.fresh()
  const check = context.mirror.get('hostcheck', id)
  if (check) return check
  throw fault('not-found', `there is no check ${id}`, { subject: { kind: 'hostcheck', id } })
}

/** The keys that a fit check of this very host showed. Faults: 'not-found', 'state'. */
export async function keysShown(
  context: Context,
  id: string,
  of: { readonly driver: string; readonly address: string },
  wanted: 'fit' | 'answered',
): Promise<readonly string[]> {
  const { wish, seen } = await hostCheck(context, id)
  if (wish.driver !== of.driver || wish.address !== of.address)
    throw fault('state', 'that check was of another host', { field: 'check' })
  if (seen === null) throw fault('state', 'no worker has looked at that host yet', { field: 'check' })
  if (wanted === 'fit' && !(seen.fit && wish.mends))
    throw fault('state', 'that check found something missing, or changed nothing there; the host cannot join by it', {
      field: 'check',
    })
  return seen.hostKeys
}
