/** The way of one guarded call: network, guard, lock, the guard again, latency, deed, answer. */
import { fault } from '../../../src/faults'
import { type Epoch, formatEpoch, NO_EPOCH } from '../../../src/model/epoch'
import type { Effect } from '../driver'
import { type Ask, decide, type Verdict } from '../guard/decide'
import { act, answerOf, cancelWork, finishDue, forgetResult, runningEffect } from './effects'
import type { Lanes } from './lanes'
import type { Resource } from './state'
import type { Call } from './troubles'
import type { EffectOrder } from './wire'
import type { World } from './world'

export interface Guarded {
  readonly host: string
  readonly resource: string
  readonly ask: Ask
  readonly call: Call
}

const blank = (name: string, epoch: Epoch): Resource => ({
  name,
  guard: { epoch, results: [], work: null },
  machine: null,
  disks: [],
  snapshots: [],
  work: null,
  departedAt: null,
  effects: {},
})

/** Asks the guard and writes down what it holds from now on, before anything is done. 'stale' and 'busy' are thrown. */
function admit(world: World, { host, resource: name, ask }: Guarded): { verdict: Verdict; resource: Resource } {
  finishDue(world)
  const before = world.resource(host, name)
  const verdict = decide(before?.guard, world.host(host).floor, ask)
  const { decision, next } = verdict
  if (decision.say === 'stale')
    throw fault('stale', `the guard of ${name} knows a newer claim`, { held: formatEpoch(decision.held) })
  const resource = { ...(before ?? blank(name, NO_EPOCH)), guard: next }
  // A new epoch, a mark of cancel; the same claim again is not written again.
  if (!before || before.guard !== next) world.put(host, resource)
  return { verdict, resource: world.resource(host, name) ?? resource }
}

/** Runs `inside` under the resource's lock, once the guard let the call in; ended by a newer epoch. */
export async function underGuard<T>(
  world: World,
  lanes: Lanes,
  guarded: Guarded,
  inside: (verdict: Verdict, resource: Resource) => T,
): Promise<T> {
  const lane = `${guarded.host}/${guarded.resource}`
  // Only the epoch is taken here: a cancel is not to leave its mark before its turn.
  admit(world, { ...guarded, ask: { kind: 'look', epoch: guarded.ask.epoch } })
  lanes.overtake(lane, guarded.ask.epoch)
  const turn = await lanes.enter(lane, guarded.ask.epoch)
  try {
    const slow = world.troubles.slow(guarded.call, 'command')
    if (slow) await world.clock.wait(slow.ms, slow.by, turn.ended)
    const { verdict, resource } = admit(world, guarded)
    return inside(verdict, resource)
  } finally {
    turn.leave()
  }
}

/** An effect by its verdict. */
export function effect(
  world: World,
  guarded: Guarded,
  key: string,
  order: EffectOrder,
  verdict: Verdict,
  resource: Resource,
): Effect {
  const { decision } = verdict
  if (decision.say === 'again') return answerOf(decision.result)
  if (decision.say === 'busy') throw fault('busy', `${guarded.resource} has detached work of ${decision.key}`)
  if (decision.say === 'running' && resource.work) return runningEffect(resource.work, world.clock.now())
  return act(world, guarded.host, resource, key, order)
}

/** Forgets the result of an effect whose answer a rule loses together with it. */
export function forget(world: World, { host, resource: name }: Guarded, key: string): void {
  const resource = world.resource(host, name)
  if (resource) forgetResult(world, host, resource, key)
}

/** Ends detached work by its key; nothing under way is done. */
export function cancel(world: World, guarded: Guarded, verdict: Verdict, resource: Resource): Effect {
  if (verdict.decision.say === 'end') cancelWork(world, guarded.host, resource)
  return { state: 'done', value: null }
}
