/** Starting, stopping and restarting a server, and ending a machine: levels, each reached from wherever it is. */
import { asFault, fault } from '../../../../src/faults'
import type { Effect, PowerOrder } from '../../driver'
import { lacking } from '../lacking'
import { isMissing } from '../refusals'
import { isThere, type Machine } from './account'
import type { Client, ServerVerb } from './api/client'
import type { Server } from './api/objects'
import { begunAt, nextOfRestart, restartMark, shortKey } from './restart'

const DONE: Effect = { state: 'done', value: null }
/** Again soon: the zone or the guest is at it. */
const SOON: Effect = { state: 'running', percent: 0, lookAgainMs: 1_000 }

/** Faults: 'refused' for what is not there or, to be restarted, does not run; 'unsupported' for pausing; those of the calls. */
export async function power(
  client: Client,
  { name, server }: Machine,
  key: string,
  order: PowerOrder,
): Promise<Effect> {
  if ('to' in order && (order.to === 'paused' || order.to === 'unpaused')) throw lacking('suspend')
  if ('to' in order && order.to === 'off') {
    if (server === null || server.status === 'stopped') return DONE
    return order.how === 'hard' ? settled(client, server, 'stop') : shutDown(client, server, key)
  }
  if (server === null) throw fault('refused', `${name} is not at its provider`)
  if ('to' in order) return turnOn(client, server)
  return order.again === 'reset' ? reset(client, server) : restart(client, server, key)
}

/** The verb is taken: the level is reached. */
async function settled(client: Client, { id }: Server, verb: ServerVerb): Promise<Effect> {
  await client.server(id, verb)
  return DONE
}

async function turnOn(client: Client, server: Server): Promise<Effect> {
  switch (server.status) {
    case 'active':
      return DONE
    case 'stopped':
      return settled(client, server, 'start')
    case 'dumped':
    case 'dead':
      // It starts from stopped only; its memory is lost already.
      await client.server(server.id, 'stop')
      return SOON
    default:
      throw fault('refused', `its provider has it ${server.status === 'paused' ? 'paused' : 'in a state of its own'}`)
  }
}

/** The button is pressed once for each order; what the guest makes of it is seen by looking. */
async function shutDown(client: Client, server: Server, key: string): Promise<Effect> {
  // A guest that crashed or is held by its provider hears no button.
  if (server.status !== 'active') return settled(client, server, 'stop')
  if (server.marks.get('button') === shortKey(key)) return SOON
  await client.server(server.id, 'shutdown')
  await client.setServer(server.id, { 'user:button': shortKey(key) }).catch(pressed)
  return SOON
}

/** The guest was quick: it is off, or about to be. */
function pressed(thrown: unknown): void {
  const { kind } = asFault(thrown)
  if (kind !== 'busy' && kind !== 'refused') throw thrown
}

/** At least once: an answer that is lost has the same done again. */
async function reset(client: Client, server: Server): Promise<Effect> {
  if (server.status === 'stopped') throw fault('refused', 'it does not run')
  return settled(client, server, 'reset')
}

async function restart(client: Client, server: Server, key: string): Promise<Effect> {
  const { id, startedAt } = server
  const mark = (phase: 'asked' | 'pressed' | 'done', since: number | null) =>
    client.setServer(id, { 'user:restart': restartMark(key, phase, since) })
  const step = nextOfRestart(server, key)
  switch (step.kind) {
    case 'done':
      return DONE
    case 'wait':
      return SOON
    case 'refuse':
      throw fault('refused', 'it does not run')
    case 'press':
      await mark('asked', startedAt)
      await client.server(id, 'shutdown')
      await mark('pressed', startedAt).catch(pressed)
      return SOON
    case 'start':
      await client.server(id, 'start')
      await mark('done', begunAt(server, key) ?? null)
      return DONE
  }
}

/** All that bears the machine's mark ends, running or not: servers first, for they hold the drives. Gone already is done. */
export async function end(client: Client, machine: Machine): Promise<void> {
  const { server, root, seed, address, surplus } = machine
  const spare = (kind: string) => surplus.flatMap((one) => (one.kind === kind ? [one.id] : []))
  const all = (kind: string, ...first: ({ readonly id: string } | null)[]) => [
    ...first.flatMap((one) => (one === null ? [] : [one.id])),
    ...spare(kind),
  ]
  for (const id of all('servers', server)) await gone(client.server(id, 'destroy'))
  for (const id of all('drives', root, seed)) await gone(client.destroyDrive(id))
  for (const id of all('addresses', address)) await gone(client.destroyResource('ip', id))
}

/** One object of a kind that is too many. */
export async function endObject(client: Client, kind: string, id: string): Promise<void> {
  if (kind === 'servers') await gone(client.server(id, 'destroy'))
  if (kind === 'drives') await gone(client.destroyDrive(id))
  if (kind === 'addresses') await gone(client.destroyResource('ip', id))
}

async function gone(destroyed: Promise<void>): Promise<void> {
  try {
    await destroyed
  } catch (thrown) {
    const fault = asFault(thrown)
    // Held still by what ends at this moment: the next look tells.
    if (!isMissing(fault) && fault.kind !== 'busy') throw fault
  }
}

/** Whether nothing of it is left. */
export const isGone = (machine: Machine): boolean => !isThere(machine) && machine.surplus.length === 0
