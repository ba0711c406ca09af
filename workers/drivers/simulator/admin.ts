/** The verbs that tests and operators of simulated hosts use: hosts, faults, guests that do as they like, the whole state. */
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { fault } from '../../../src/faults'
import { NO_EPOCH } from '../../../src/model/epoch'
import { consoleAfter, runs } from './deeds/deed'
import { finishDue } from './effects'
import type { Lanes } from './lanes'
import { hostOrderSchema } from './pool'
import { publicsOf } from './sight'
import { snapshot } from './snapshot'
import type { HostState, Machine, Resource } from './state'
import type { Thawing } from './thawing'
import { durationSchema, loseSchema, refuseSchema, slowSchema } from './troubles'
import { definitionSchema, foreignSchema, lackSchema, nameSchema, parseArgs, type Request } from './wire'
import type { World } from './world'

export interface Administered {
  readonly world: World
  readonly lanes: Lanes
  readonly thaws: Thawing
}

type Deed = (of: Administered, args: unknown) => unknown

/** A verb: its arguments' parser beside what it does. */
const verb =
  <T>(schema: z.ZodType<T>, run: (of: Administered, args: T) => unknown): Deed =>
  (of, args) =>
    run(of, parseArgs(schema, args ?? {}))

const host = z.object({ host: nameSchema })
const guest = host.extend({ name: nameSchema })

const VERBS: Record<string, Deed> = {
  'add-host': verb(hostOrderSchema, ({ world }, { name, capacity }) => world.addHost(name, capacity)),
  'fault.slow': verb(slowSchema, ({ world }, rule) => world.troubles.add('slow', rule)),
  'fault.refuse': verb(refuseSchema, ({ world }, rule) => world.troubles.add('refuse', rule)),
  'fault.lose-answer': verb(loseSchema, ({ world }, rule) => world.troubles.add('lose', rule)),
  'fault.duration': verb(durationSchema, ({ world }, rule) => world.troubles.add('durations', rule)),
  'fault.clear': verb(z.object({}), ({ world }) => world.troubles.clear()),
  'host.vanish': verb(host.extend({ how: z.enum(['gone', 'silent']).default('gone') }), ({ world }, args) =>
    world.putHost({ ...world.host(args.host), contact: args.how }),
  ),
  'host.freeze': verb(host, ({ world }, args) => world.putHost({ ...world.host(args.host), contact: 'frozen' })),
  'host.return': verb(host.extend({ how: z.enum(['as-it-was', 'restarted']).default('as-it-was') }), giveBack),
  'host.lack': verb(host.extend({ lacks: z.array(lackSchema) }), ({ world }, args) =>
    world.putHost({ ...world.host(args.host), lacks: args.lacks }),
  ),
  'guest.stop': verb(guest, ({ world }, args) => changeGuest(world, args, { domain: 'off', startedAt: null })),
  'guest.crash': verb(guest, ({ world }, args) => changeGuest(world, args, { domain: 'crashed', startedAt: null })),
  'guest.deaf': verb(guest, ({ world }, args) => changeGuest(world, args, { deaf: true })),
  'guest.say': verb(guest.extend({ text: z.string() }), ({ world }, args) =>
    changeGuest(world, args, { console: consoleAfter(running(world, args).console, args.text) }),
  ),
  'foreign.add': verb(host.extend({ domain: foreignSchema }), ({ world }, args) => {
    const state = world.host(args.host)
    const others = state.foreign.filter((one) => one.name !== args.domain.name)
    world.putHost({ ...state, foreign: [...others, args.domain] })
  }),
  'foreign.remove': verb(guest, ({ world }, args) => {
    const state = world.host(args.host)
    world.putHost({ ...state, foreign: state.foreign.filter((one) => one.name !== args.name) })
  }),
  'orphan.add': verb(host.extend({ definition: definitionSchema }), addOrphan),
  snapshot: verb(z.object({}), ({ world, lanes, thaws }) => {
    finishDue(world)
    return snapshot(world, (name) => lanes.count(name) + thaws.count(name))
  }),
}

/** Answers a verb of the simulator's own. Faults: 'unsupported' for none of them, 'refused' for malformed arguments. */
export async function administer(of: Administered, request: Request): Promise<unknown> {
  const deed = VERBS[request.verb]
  if (!deed) throw fault('unsupported', `the simulator has no verb ${request.verb}`)
  return deed(of, request.args)
}

/** The host answers again. A restart ended all that ran there, detached work too, and changed its boot identity. */
function giveBack({ world, lanes, thaws }: Administered, args: { host: string; how: 'as-it-was' | 'restarted' }): void {
  finishDue(world)
  const state = world.host(args.host)
  if (args.how === 'restarted') {
    lanes.breakOff(args.host)
    for (const resource of world.resources(args.host)) {
      const next = afterRestart(resource)
      if (next !== resource) world.put(args.host, next)
    }
  }
  const restarted: Partial<HostState> =
    args.how === 'restarted' ? { boot: randomUUID(), boots: state.boots + 1, bootedAt: world.clock.now() } : {}
  world.putHost({ ...state, ...restarted, contact: 'ok' })
  thaws.thaw(args.host, args.how)
}

function afterRestart(resource: Resource): Resource {
  const { machine, work } = resource
  const publishes = publicsOf(resource).length > 0
  if (!work && !runs(machine) && machine?.domain !== 'crashed' && !publishes) return resource
  // What a host has public addresses lead to is in its memory alone.
  const forgotten = machine && (publishes ? { ...machine, publics: {} } : machine)
  const off =
    forgotten && (forgotten.domain === 'saved' ? forgotten : { ...forgotten, domain: 'off' as const, startedAt: null })
  // Killed in the middle: no result was kept, so the same key may be done once more.
  return { ...resource, machine: off, work: null, guard: { ...resource.guard, work: null } }
}

const running = (world: World, { host: on, name }: { host: string; name: string }): Machine => {
  finishDue(world)
  const machine = world.resource(on, name)?.machine
  if (!machine) throw fault('refused', `${name} is not defined on ${on}`)
  return machine
}

function changeGuest(world: World, at: { host: string; name: string }, change: Partial<Machine>): void {
  const machine = running(world, at)
  const resource = world.resource(at.host, at.name)
  if (change.domain !== undefined && !runs(machine)) throw fault('refused', `${at.name} does not run`)
  if (resource) world.put(at.host, { ...resource, machine: { ...machine, ...change } })
}

/** A running domain that bears a site's mark and that no claim ever ordered. */
function addOrphan(
  { world }: Administered,
  args: { host: string; definition: z.infer<typeof definitionSchema> },
): void {
  const { definition } = args
  const machine = {
    definition,
    domain: 'running' as const,
    startedAt: world.clock.now(),
    deaf: false,
    rules: {},
    console: '',
  }
  const disks = definition.disks.map(({ name }) => ({
    name,
    sizeGiB: definition.size.diskGiB,
    from: 'blank',
    createdAt: world.clock.now(),
  }))
  world.put(args.host, {
    name: definition.name,
    guard: { epoch: NO_EPOCH, results: [], work: null },
    machine,
    disks,
    snapshots: [],
    work: null,
    departedAt: null,
    effects: {},
  })
}
