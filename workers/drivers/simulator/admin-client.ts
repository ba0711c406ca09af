/** What tests say to a simulator: hosts, faults, clock, the whole state. */
import type { z } from 'zod'
import type { MachineDefinition } from '../driver'
import { Connection } from './connection'
import type { HostOrder } from './pool'
import type { Snapshot } from './snapshot'
import type { HostState } from './state'
import type { durationSchema, loseSchema, refuseSchema, slowSchema } from './troubles'

type Guest = readonly [host: string, name: string]

export interface SimulatorAdmin {
  addHost(order: HostOrder): Promise<void>
  /** Latency of calls (see troubles.ts for where and by which clock). */
  slow(rule: z.input<typeof slowSchema>): Promise<void>
  refuse(rule: z.input<typeof refuseSchema>): Promise<void>
  loseAnswer(rule: z.input<typeof loseSchema>): Promise<void>
  /** How long detached work takes: disk.ensure, save, power.off, move. */
  duration(rule: z.input<typeof durationSchema>): Promise<void>
  /** Ends all rules above. */
  clearFaults(): Promise<void>
  vanish(host: string, how?: 'gone' | 'silent'): Promise<void>
  freeze(host: string): Promise<void>
  /** A host that vanished or was frozen answers again; `restarted`: all that ran there is off and `boot` is another. */
  giveBack(host: string, how?: 'as-it-was' | 'restarted'): Promise<void>
  lack(host: string, lacks: HostState['lacks']): Promise<void>
  guestStops(...guest: Guest): Promise<void>
  guestCrashes(...guest: Guest): Promise<void>
  /** From now on its guest does not hear an orderly shutdown. */
  guestGoesDeaf(...guest: Guest): Promise<void>
  guestSays(host: string, name: string, text: string): Promise<void>
  addForeign(host: string, domain: HostState['foreign'][number]): Promise<void>
  removeForeign(host: string, name: string): Promise<void>
  /** A running domain with a site's mark that nobody ordered. */
  addOrphan(host: string, definition: MachineDefinition): Promise<void>
  snapshot(): Promise<Snapshot>
  /** Answered once every process that follows the clock shows the new time. */
  advance(ms: number): Promise<{ readonly offsetMs: number; readonly now: number }>
  close(): Promise<void>
}

/** Opens a client of the simulator's own verbs. Faults: 'refused' for what is malformed, 'unreachable', 'timeout'. */
export function openSimulatorAdmin({
  socket,
  deadlineMs = 10_000,
}: {
  socket: string
  deadlineMs?: number
}): SimulatorAdmin {
  const connection = new Connection(socket, deadlineMs)
  const say = async (verb: string, args: unknown): Promise<void> => {
    await connection.call({ verb, args })
  }
  return {
    addHost: (order) => say('add-host', order),
    slow: (rule) => say('fault.slow', rule),
    refuse: (rule) => say('fault.refuse', rule),
    loseAnswer: (rule) => say('fault.lose-answer', rule),
    duration: (rule) => say('fault.duration', rule),
    clearFaults: () => say('fault.clear', {}),
    vanish: (host, how) => say('host.vanish', { host, how }),
    freeze: (host) => say('host.freeze', { host }),
    giveBack: (host, how) => say('host.return', { host, how }),
    lack: (host, lacks) => say('host.lack', { host, lacks }),
    guestStops: (host, name) => say('guest.stop', { host, name }),
    guestCrashes: (host, name) => say('guest.crash', { host, name }),
    guestGoesDeaf: (host, name) => say('guest.deaf', { host, name }),
    guestSays: (host, name, text) => say('guest.say', { host, name, text }),
    addForeign: (host, domain) => say('foreign.add', { host, domain }),
    removeForeign: (host, name) => say('foreign.remove', { host, name }),
    addOrphan: (host, definition) => say('orphan.add', { host, definition }),
    // Both ends are one program: its own state needs no parser.
    snapshot: async () => (await connection.call({ verb: 'snapshot' })) as Snapshot,
    advance: async (ms) => (await connection.call({ verb: 'clock.advance', args: { ms } })) as Advanced,
    close: () => connection.close(),
  }
}

type Advanced = Awaited<ReturnType<SimulatorAdmin['advance']>>
