/** Doing an order on the world: begin it, keep its result in the same write, let slow work run on and finish it when due. */
import { asFault, type Fault, fault } from '../../../src/faults'
import type { Effect } from '../driver'
import { cancelled, detach, keep, type Result } from '../guard/decide'
import type { Here } from './deeds/deed'
import { finishMove } from './deeds/move'
import { begin, finish, wordsOf } from './perform'
import { lookAgainIn, percentOf } from './sight'
import type { Resource, Work } from './state'
import { endWhatIsOver } from './watch'
import type { EffectOrder } from './wire'
import type { World } from './world'

const DONE: Result = { state: 'done' }
const doneEffect: Effect = { state: 'done', value: null }

const counted = (resource: Resource, effect: string): Resource => ({
  ...resource,
  effects: { ...resource.effects, [effect]: (resource.effects[effect] ?? 0) + 1 },
})
const kept = (resource: Resource, key: string, result: Result): Resource => ({
  ...resource,
  guard: keep(resource.guard, key, result),
})

/** A refusal is a result and is kept; anything else is no answer of the host. */
function refusal(thrown: unknown): Fault {
  const f = asFault(thrown)
  if (f.kind !== 'refused') throw f
  return f
}

/** What a kept result is answered as. */
export function answerOf(result: Result): Effect {
  if (result.state === 'refused') throw fault('refused', result.message)
  return doneEffect
}

export const runningEffect = (work: Work, now: number): Effect => ({
  state: 'running',
  percent: percentOf(work, now),
  lookAgainMs: lookAgainIn(work, now),
})

/** Does an order that the guard let through, and keeps what came of it under its key. Faults: refused, stale (a move's other host). */
export function act(world: World, host: string, resource: Resource, key: string, order: EffectOrder): Effect {
  const closing = (next: Resource, result: Result): void => world.put(host, kept(next, key, result))
  const here = world.around(host)
  const there = (name: string): Here | undefined => (world.has(name) ? world.around(name) : undefined)
  try {
    const refused = world.troubles.takeRefusal({ words: wordsOf(order), host, resource: resource.name })
    if (refused !== undefined) throw fault('refused', refused)
    const deed = begin(here, resource, order, there)
    if (deed.kind === 'slow') {
      const ms = world.troubles.duration({ words: wordsOf(order), host, resource: resource.name })
      const endsAt = deed.length === 'endless' ? null : here.now + ms
      const work: Work = { key, order, startedAt: here.now, endsAt, resumes: deed.resumes }
      const next: Resource = { ...deed.resource, guard: detach(deed.resource.guard, key), work }
      world.put(host, next)
      if (endsAt === null || ms > 0) return runningEffect(work, here.now)
      return answerOf(finishWork(world, host, next, work))
    }
    if (deed.kind === 'changed') {
      if (deed.host && deed.host !== here.host) world.putHost(deed.host)
      closing(counted(deed.resource, deed.effect), DONE)
    } else closing(resource, DONE)
    return doneEffect
  } catch (thrown) {
    const f = refusal(thrown)
    closing(world.resource(host, resource.name) ?? resource, { state: 'refused', message: f.message })
    throw f
  }
}

/** Ends work that is through: what it came to is kept under its key. */
export function finishWork(world: World, host: string, resource: Resource, work: Work): Result {
  const here = world.around(host)
  try {
    if (work.order.verb === 'move') return arrive(world, here, resource, work, work.order.args.to)
    const deed = finish(here, resource, work.order)
    const next = deed.kind === 'changed' ? counted(deed.resource, deed.effect) : resource
    world.put(host, { ...kept(next, work.key, DONE), work: null })
    return DONE
  } catch (thrown) {
    const result: Result = { state: 'refused', message: refusal(thrown).message }
    world.put(host, { ...kept(awake(here, resource, work), work.key, result), work: null })
    return result
  }
}

/** The other host has it first: a kill in between finishes the work once more. */
function arrive(world: World, here: Here, resource: Resource, work: Work, to: string): Result {
  if (!world.has(to) || world.host(to).contact !== 'ok') throw fault('refused', `${to} went away during the move`)
  const moved = finishMove(here, world.around(to), resource)
  world.putHost(moved.host)
  for (const arrived of moved.arrived)
    world.put(to, arrived.name === resource.name ? counted(arrived, 'move') : arrived)
  for (const left of moved.left)
    world.put(here.host.name, left.name === resource.name ? { ...kept(left, work.key, DONE), work: null } : left)
  return DONE
}

/** A machine that slept for a cold move that came to nothing runs again. */
function awake(here: Here, resource: Resource, work: Work): Resource {
  if (!work.resumes || !resource.machine) return resource
  return { ...resource, machine: { ...resource.machine, domain: 'running', startedAt: here.now } }
}

/** Ends detached work before it is through; what it had made by then is gone. */
export function cancelWork(world: World, host: string, resource: Resource): void {
  const work = resource.work
  if (!work) return
  const next = awake(world.around(host), resource, work)
  world.put(host, { ...next, guard: cancelled(next.guard, work.key), work: null })
}

/** As if the host had been killed after the effect and before its result was kept. */
export function forgetResult(world: World, host: string, resource: Resource, key: string): void {
  const results = resource.guard.results.filter((one) => one.key !== key)
  world.put(host, { ...resource, guard: { ...resource.guard, results } })
}

/** Ends all work whose time is over, on every host, and what a host's watch ends. */
export function finishDue(world: World): void {
  for (const { host, resource } of world.due()) if (resource.work) finishWork(world, host, resource, resource.work)
  endWhatIsOver(world)
}
