/** The driver of simulated hosts: each call is one line to the simulator and one line back. */
import type { z } from 'zod'
import { fault } from '../../../src/faults'
import type { Driver, Effect, EffectTicket, HostTarget, Ticket } from '../driver'
import { Connection } from './connection'
import {
  consoleSchema,
  type EffectOrder,
  effectAnswer,
  foreignMachineSchema,
  listingSchema,
  probeSchema,
  sightingSchema,
  ticketOnWire,
} from './wire'

export interface SimulatorDriverOptions {
  /** Path of the simulator's unix socket. */
  readonly socket: string
  /** Each call's deadline, ms; then it is a 'timeout'. */
  readonly deadlineMs?: number
  /** Machines with another site's mark are listed as foreign; without it all are ours. */
  readonly site?: string
}

const DEADLINE_MS = 10_000
const ADDRESS = /^simulator:(.+)$/

/** The address of a simulated host, for its record. */
export const simulatedAddress = (host: string): string => `simulator:${host}`

function hostOf({ address }: HostTarget): string {
  const host = ADDRESS.exec(address)?.[1]
  if (host === undefined) throw fault('refused', `${address} is not the address of a simulated host`)
  return host
}

/** Opens a driver; it connects when it is first used. Its kind is `simulator`, its hosts' addresses `simulator:<host name>`. */
export function openSimulatorDriver({ socket, deadlineMs = DEADLINE_MS, site }: SimulatorDriverOptions): Driver {
  const connection = new Connection(socket, deadlineMs)
  const ask = async <T>(schema: z.ZodType<T>, target: HostTarget, verb: string, ticket?: Ticket, args?: unknown) => {
    const host = hostOf(target)
    const answer = await connection.call({ verb, host, ticket: ticket && ticketOnWire(ticket), args })
    const parsed = schema.safeParse(answer)
    if (parsed.success) return parsed.data
    throw fault('unreachable', `${verb}: an answer that is none`, { cause: parsed.error })
  }
  const effect =
    <A extends unknown[]>(verb: EffectOrder['verb'], toArgs: (...args: A) => unknown) =>
    (host: HostTarget, ticket: EffectTicket, ...args: A): Promise<Effect> =>
      ask(effectAnswer, host, verb, ticket, toArgs(...args))
  const whole = <A>(args: A): A => args
  return {
    kind: 'simulator',
    capacity: (host) => ask(probeSchema, host, 'capacity'),
    list: (host, watch) =>
      ask(listingSchema, host, 'list', undefined, { site: site ?? null, ...(watch ? { watch } : {}) }),
    find: (host, ticket) => ask(sightingSchema, host, 'find', ticket),
    disk: {
      ensure: effect('disk.ensure', whole),
      remove: effect('disk.remove', (name) => ({ name })),
      attach: effect('disk.attach', whole),
      detach: effect('disk.detach', (name) => ({ name })),
      grow: effect('disk.grow', (name, sizeGiB) => ({ name, sizeGiB })),
      snapshot: effect('disk.snapshot', (name, snapshot) => ({ name, snapshot })),
    },
    network: {
      ensure: effect('network.ensure', whole),
      remove: effect('network.remove', (name) => ({ name })),
      attach: effect('network.attach', whole),
      detach: effect('network.detach', (mac) => ({ mac })),
      rules: effect('network.rules', (mac, rules) => ({ mac, rules })),
      publish: effect('network.publish', (mac, publics) => ({ mac, publics })),
    },
    define: effect('define', whole),
    undefine: effect('undefine', () => ({})),
    foreign: (host, name) => ask(foreignMachineSchema, host, 'foreign', undefined, { name }),
    adopt: effect('adopt', whole),
    power: effect('power', whole),
    save: effect('save', () => ({})),
    mark: effect('mark', (as) => ({ as })),
    move: effect('move', ({ to, how }: { to: HostTarget; how: 'live' | 'cold' }) => ({ to: hostOf(to), how })),
    console: (host, ticket) => ask(consoleSchema, host, 'console', ticket),
    cancel: (host, ticket) => ask(effectAnswer, host, 'cancel', ticket),
    close: () => connection.close(),
  }
}
