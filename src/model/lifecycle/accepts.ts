/** Which verb is accepted in which state. */
import type { MoveHow } from '../compute-place'
import type { Power } from '../records'
import { type ComputeView, LIFECYCLE, type Lifecycle, lifecycle, wantedPower } from './name'

export type ComputeVerb = 'start' | 'stop' | 'stop-hard' | 'restart' | 'reset' | 'suspend' | 'delete'

const ALL_BUT_DONE = LIFECYCLE.filter((name) => name !== 'done')

/** `already`: the state is where the verb leads; EC2 takes that as success, OCCI refuses. */
const TABLE: Record<ComputeVerb, { readonly from: readonly Lifecycle[]; readonly already: readonly Lifecycle[] }> = {
  start: {
    from: ['held', 'suspended', 'stopped', 'poweroff', 'undeployed', 'unknown'],
    already: ['running', 'pending', 'reserved', 'preparing', 'booting'],
  },
  stop: { from: ['running'], already: ['poweroff', 'undeployed', 'stopping'] },
  'stop-hard': { from: ['running', 'unknown'], already: ['poweroff', 'undeployed', 'stopping'] },
  restart: { from: ['running'], already: [] },
  reset: { from: ['running'], already: [] },
  suspend: { from: ['running'], already: ['suspended', 'saving'] },
  delete: { from: ALL_BUT_DONE, already: ['done'] },
}

/** 'yes': changes the wish; 'already': nothing to change; 'no': refused. */
export function accepts(verb: ComputeVerb, state: Lifecycle): 'yes' | 'already' | 'no' {
  const row = TABLE[verb]
  return row.from.includes(state) ? 'yes' : row.already.includes(state) ? 'already' : 'no'
}

/**
 * What its owner is to want from now on where the verb ends the waiting of a machine that gave its place away: that it stays as it was put
 * aside, saved or off. undefined: it was not put aside, is on its way elsewhere, or has no memory that could stay saved.
 */
export function keptAside(verb: ComputeVerb, view: ComputeView): Exclude<Power, 'on'> | undefined {
  const kept = wantedPower(view)
  if (kept === 'on' || kept === view.wish.power || !ASIDE.includes(lifecycle(view))) return undefined
  return verb === 'stop' || verb === 'stop-hard' || (verb === 'suspend' && kept === 'suspended') ? kept : undefined
}

/** Where what was put aside is, or is on its way to. */
const ASIDE: readonly Lifecycle[] = ['saving', 'suspended', 'stopping', 'poweroff']

/** The verbs accepted in a state, for refusals and for OCCI's applicable actions. */
export const allowedVerbs = (state: Lifecycle): readonly ComputeVerb[] =>
  (Object.keys(TABLE) as ComputeVerb[]).filter((verb) => accepts(verb, state) === 'yes')

/** States in which an operator may order a machine to be moved; in `unknown` it waits until the host answers. */
const MOVES: Readonly<Record<MoveHow, readonly Lifecycle[]>> = {
  live: ['running'],
  cold: ['running', 'suspended', 'poweroff', 'unknown'],
  restart: ['running', 'poweroff'],
  anew: ['running', 'poweroff'],
}

/** The states in which that order is accepted. */
export const movableFrom = (how: MoveHow): readonly Lifecycle[] => MOVES[how]
