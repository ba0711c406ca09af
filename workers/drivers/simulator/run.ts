/**
 * The simulator process: Xen-like hosts that are files, with the same guard as a real host, on a unix socket.
 *
 * Who owns what: this process alone writes its folder. All deeds are synchronous (read, decide, write, remember), so two calls
 * never see each other half done; only waiting (latency, a frozen host, a lock) is asynchronous. Everything acknowledged is in
 * a file, whole, before its answer goes out; a kill -9 loses attached calls (their callers see the connection break) and
 * nothing else: detached work has its end written in its file and is finished by whoever asks first after that time.
 */
import { mkdirSync } from 'node:fs'
import { fault } from '../../../src/faults'
import type { Log } from '../../../src/log'
import { administer } from './admin'
import { clockFollowers } from './followers'
import { handle, isDriverVerb, type Simulation } from './handle'
import { Lanes } from './lanes'
import { type HostOrder, readPool } from './pool'
import { serve } from './serve'
import { thawing } from './thawing'
import { World } from './world'

const SWEEP_EVERY_MS = 3_600_000

export interface SimulatorOptions {
  /** Its own folder: nobody else writes there. */
  readonly folder: string
  /** Path of the unix socket, at most 107 bytes. */
  readonly socket: string
  readonly log: Log
  /** Hosts that are there from the start; without them those of `hosts.json` in the folder (see pool.ts). */
  readonly hosts?: readonly HostOrder[]
}

/** Runs until closed. Faults: 'conflict' when one answers at that socket already, 'internal' for a folder that is not ours. */
export async function runSimulator({
  folder,
  socket,
  log,
  hosts,
}: SimulatorOptions): Promise<{ close(): Promise<void> }> {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const closing = new AbortController()
  const world = new World(folder)
  for (const { name, capacity } of hosts ?? readPool(folder)) if (!world.has(name)) world.addHost(name, capacity)
  const thaws = thawing()
  const lanes = new Lanes()
  const simulation: Simulation = { world, lanes, thawed: thaws.thawed, closing: closing.signal }
  const followers = clockFollowers(world.clock)
  const server = await serve(socket, log, async (request, connection) => {
    if (isDriverVerb(request.verb)) return handle(simulation, request)
    if (request.verb.startsWith('clock.')) return followers.answer(request, connection)
    return administer({ world, lanes, thaws }, request)
  })
  const stopSweeping = world.clock.onMove(() => world.sweep())
  const timer = setInterval(() => world.sweep(), SWEEP_EVERY_MS).unref()
  log.info({ event: 'simulator-listens', hosts: world.hosts.length, socket }, 'the simulated hosts answer')
  return {
    close: async () => {
      closing.abort(fault('unreachable', 'the simulator ends'))
      clearInterval(timer)
      stopSweeping()
      await server.close()
    },
  }
}
