/** Which verb is accepted in which state. */
import type { MoveHow } from '../compute-place'
import { LIFECYCLE, type Lifecycle } from './name'

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
