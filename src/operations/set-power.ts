/** Turning machines on and off, and suspending them (OCCI start, stop, suspend; EC2 StartInstances, StopInstances). */
import { fault } from '../faults'
import { accepts, allowedVerbs, type ComputeVerb, keptAside, type Lifecycle } from '../model/lifecycle'
import type { ComputeRecord, ComputeWish } from '../model/records'
import { changeComputes, notFound } from './change-computes'
import type { Caller, Context } from './context'
import type { Changed, Operations } from './operations'
import { refuseLacking } from './refuse-lacking'

export type PowerOrder = Parameters<Operations['setPower']>[1]

/** Faults: 'state' with subject and `allowed`, 'unsupported' where its host cannot suspend, 'not-found', 'too-large', 'conflict', 'unavailable'. */
export const setPower = (context: Context, caller: Caller, order: PowerOrder): Promise<readonly Changed[]> => {
  const now = context.clock.now()
  return changeComputes(context, caller, {
    what: `power-${order.to}`,
    ids: order.ids,
    compares: 'phase',
    dryRun: order.dryRun ?? false,
    decide: (record, state) => {
      const change = decide(record, state, order, now)
      if (change !== undefined && order.to === 'suspended') refuseLacking(context, record, 'suspend', 'suspended')
      return change
    },
  })
}

const verbOf = ({ to, how }: PowerOrder): ComputeVerb => {
  if (to === 'on') return 'start'
  if (to === 'suspended') return 'suspend'
  return how === 'hard' ? 'stop-hard' : 'stop'
}

function decide(
  record: ComputeRecord,
  state: Lifecycle,
  order: PowerOrder,
  now: number,
): Partial<ComputeWish> | undefined {
  const verb = verbOf(order)
  if (!record.wish.exists) throw order.already === 'refuse' ? notFound([record.id]) : refused(record, verb, state)
  const aside = keptAside(verb, record)
  if (aside !== undefined) return wished(record.wish, { ...order, to: aside }, now)
  const answer = accepts(verb, state)
  if (answer === 'yes') return wished(record.wish, order, now)
  if (answer === 'no' || order.already === 'refuse') throw refused(record, verb, state)
  // A guest that does not listen is still stopping: asked again with force, it is cut.
  const cuts = verb === 'stop-hard' && state === 'stopping' && record.wish.how === 'graceful'
  return cuts ? { how: 'hard' } : undefined
}

function wished(wish: ComputeWish, { to, how }: PowerOrder, now: number): Partial<ComputeWish> {
  if (to === 'on') return { power: 'on', held: false, starts: wish.starts + 1, reason: '' }
  return { power: to, how: how ?? 'graceful', reason: userInitiated(now) }
}

/** EC2's StateTransitionReason: `User initiated (2026-11-21 10:22:34 GMT)`. */
export const userInitiated = (now: number): string =>
  `User initiated (${new Date(now).toISOString().slice(0, 19).replace('T', ' ')} GMT)`

/** The verb is not accepted now; says which ones are. */
export const refused = (record: ComputeRecord, verb: ComputeVerb, state: Lifecycle) =>
  fault('state', `${verb} is not accepted: the machine ${record.wish.name} is ${state}`, {
    subject: { kind: 'compute', id: record.id },
    allowed: record.wish.exists ? allowedVerbs(state) : [],
  })
