/** Draining a host is a level on its record: a worker works it off, through any restart, until it is cancelled. */
import { fault } from '../../faults'
import { type Drain, type HostRecord, type HostWish, MOST_PARALLEL, USUAL_PARALLEL } from '../../model/records'
import { attempt, type Proposal } from '../attempt'
import type { Context, Operator } from '../context'
import { hostUpdate } from '../host-changes'
import { hostNamed } from '../named'

export function drainHost(
  context: Context,
  operator: Operator,
  name: string,
  { parallel }: { readonly parallel?: number },
): Promise<HostRecord> {
  if (parallel !== undefined && (!Number.isInteger(parallel) || parallel < 1 || parallel > MOST_PARALLEL))
    throw fault('invalid', `parallel is a whole number from 1 to ${MOST_PARALLEL}`, { field: 'parallel' })
  return changed(context, operator, name, 'drain-host', ({ id, wish }) => {
    if (wish.removing)
      throw fault('state', `${name} is being removed; nothing is left there`, { subject: { kind: 'host', id } })
    const begun: Drain = wish.drain ?? {
      at: context.clock.now(),
      by: operator.actor.user,
      parallel: USUAL_PARALLEL,
      wasEnabled: wish.enabled,
    }
    return { ...wish, enabled: false, drain: { ...begun, parallel: parallel ?? begun.parallel } }
  })
}

export const cancelDrain = (context: Context, operator: Operator, name: string): Promise<HostRecord> =>
  changed(context, operator, name, 'cancel-drain', ({ id, wish }) => {
    if (!wish.drain) throw fault('state', `${name} is not drained`, { subject: { kind: 'host', id } })
    const { drain, ...rest } = wish
    return { ...rest, enabled: drain.wasEnabled }
  })

const changed = (
  context: Context,
  operator: Operator,
  name: string,
  what: string,
  decide: (host: HostRecord) => HostWish,
): Promise<HostRecord> =>
  attempt(context, operator.actor, what, async (): Promise<Proposal<HostRecord>> => {
    await context.mirror.fresh()
    const host = hostNamed(context, name)
    const wish = decide(host)
    const record: HostRecord = { ...host, rev: host.rev + 1, generation: host.generation + 1, wish }
    return {
      value: record,
      change: { updates: [hostUpdate(host, wish)], wakes: [{ kind: 'relocation', id: 'site' }] },
    }
  })
