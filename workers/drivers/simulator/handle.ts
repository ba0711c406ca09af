/** One request of a driver to its answer: reach the host, find the verb, go under the guard, maybe lose the answer. */
import { z } from 'zod'
import { fault } from '../../../src/faults'
import { finishDue } from './effects'
import { cancel, effect, forget, type Guarded, underGuard } from './guarded'
import type { Lanes } from './lanes'
import { needs, wordsOf } from './perform'
import { foreignMachine, listing, probe, sighting } from './sight'
import type { Call } from './troubles'
import { takeOrder } from './watch'
import { type EffectOrder, effectSchema, parseArgs, type Request, watchOrderSchema } from './wire'
import type { World } from './world'

/** Nothing is ever answered: the caller's own deadline ends it. */
export const SILENCE = Symbol('silence')

export interface Simulation {
  readonly world: World
  readonly lanes: Lanes
  /** Resolves when a frozen host thaws. */
  thawed(host: string): Promise<void>
  /** Aborted when the simulator closes. */
  readonly closing: AbortSignal
}

const LOOKS = ['capacity', 'list', 'foreign', 'find', 'console'] as const
const UNGUARDED: readonly string[] = ['capacity', 'list', 'foreign']
const EFFECTS: readonly string[] = effectSchema.options.map((option) => option.shape.verb.value)

/** Whether a verb is a driver's, not one for tests and operators of the simulator. */
export const isDriverVerb = (verb: string): boolean =>
  verb === 'cancel' || EFFECTS.includes(verb) || LOOKS.some((look) => look === verb)

/** Faults: those of the driver interface. */
export async function handle(simulation: Simulation, request: Request): Promise<unknown> {
  const { world } = simulation
  const host = request.host ?? ''
  const order = EFFECTS.includes(request.verb)
    ? parseArgs(effectSchema, { verb: request.verb, args: request.args })
    : undefined
  const call: Call = {
    words: order ? wordsOf(order) : [request.verb],
    host,
    resource: request.ticket?.resource ?? null,
  }
  await delay(simulation, call, 'network')
  await reach(simulation, host)
  // An effect's refusal is a result under its key; that of a look is only said.
  const refused = order ? undefined : world.troubles.takeRefusal(call)
  if (refused !== undefined) throw fault('refused', refused)
  const answer = await perform(simulation, request, host, order, call)
  await delay(simulation, call, 'answer')
  // What was done while the host went away was done; only nobody hears of it.
  await reach(simulation, host)
  const loss = world.troubles.takeLoss(call)
  if (!loss) return answer
  if (loss.forgets && request.ticket?.key !== undefined)
    forget(
      world,
      { host, resource: request.ticket.resource, ask: { kind: 'look', epoch: request.ticket.epoch }, call },
      request.ticket.key,
    )
  if (loss.how === 'silence') return SILENCE
  throw fault('unreachable', 'the connection was lost before the answer came')
}

async function delay({ world, closing }: Simulation, call: Call, at: 'network' | 'answer'): Promise<void> {
  const slow = world.troubles.slow(call, at)
  if (slow) await world.clock.wait(slow.ms, slow.by, closing)
}

/** Waits for a frozen host; 'unreachable' for one that is gone; for ever for a silent one. */
async function reach(simulation: Simulation, name: string): Promise<void> {
  const { contact } = simulation.world.host(name)
  if (contact === 'ok') return
  if (contact === 'gone') throw fault('unreachable', `no route to host ${name}`)
  if (contact === 'silent') return new Promise(() => undefined)
  await simulation.thawed(name)
  return reach(simulation, name)
}

function perform(
  simulation: Simulation,
  request: Request,
  host: string,
  order: EffectOrder | undefined,
  call: Call,
): unknown {
  const { world, lanes } = simulation
  if (UNGUARDED.includes(request.verb)) return unguarded(simulation, request, host, call)
  const { ticket } = request
  if (!ticket) throw fault('refused', `malformed order: ${request.verb} without a ticket`)
  const { resource: name, epoch, key } = ticket
  const looked: Guarded = { host, resource: name, ask: { kind: 'look', epoch }, call }
  if (request.verb === 'find')
    return underGuard(world, lanes, looked, (_, resource) =>
      sighting(name, resource, world.resources(host), world.clock.now()),
    )
  if (request.verb === 'console') {
    lacking(world, host, 'console')
    return underGuard(world, lanes, looked, (_, resource) => ({
      text: resource.machine?.console ?? '',
      at: world.clock.now(),
    }))
  }
  if (key === undefined) throw fault('refused', `malformed order: ${request.verb} without a key`)
  if (!order) {
    const guarded: Guarded = { ...looked, ask: { kind: 'cancel', epoch, key } }
    return underGuard(world, lanes, guarded, (verdict, resource) => cancel(world, guarded, verdict, resource))
  }
  lacking(world, host, needs(order))
  const guarded: Guarded = { ...looked, ask: { kind: 'effect', epoch, key } }
  return underGuard(world, lanes, guarded, (verdict, resource) => effect(world, guarded, key, order, verdict, resource))
}

const siteSchema = z.object({ site: z.string().nullable().default(null), watch: watchOrderSchema.exactOptional() })

/** What a host says of itself: nobody's epoch is compared. */
async function unguarded({ world, closing }: Simulation, request: Request, host: string, call: Call): Promise<unknown> {
  const slow = world.troubles.slow(call, 'command')
  if (slow) await world.clock.wait(slow.ms, slow.by, closing)
  finishDue(world)
  if (request.verb === 'capacity') return probe(world.host(host))
  if (request.verb === 'foreign') {
    lacking(world, host, 'adopt')
    const { name } = parseArgs(z.object({ name: z.string() }), request.args)
    const found = foreignMachine(world.host(host), world.resources(host), name)
    if (found) return found
    throw fault('refused', `there is no domain ${name} on this host of which more is known`)
  }
  const { site, watch } = parseArgs(siteSchema, request.args ?? {})
  if (watch) takeOrder(world, host, watch)
  return listing(world.host(host), world.resources(host), site, world.clock.now())
}

/** 'unsupported', before anything is asked or done, for what the host declares to lack. */
function lacking(world: World, host: string, verb: ReturnType<typeof needs>): void {
  const lack = world.host(host).lacks.find((one) => one.verb === verb)
  if (lack) throw fault('unsupported', lack.because)
}
