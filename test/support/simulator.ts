/** A simulator for tests: in this process, on a socket of its own, with hosts `sim-1`, `sim-2`, … */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import type { HostId } from '../../src/model/ids'
import type { HostCapacity } from '../../src/model/machine'
import type { Driver, HostTarget } from '../../workers/drivers/driver'
import {
  openSimulatorAdmin,
  openSimulatorDriver,
  runSimulator,
  type SimulatorAdmin,
  simulatedAddress,
  USUAL_CAPACITY,
} from '../../workers/drivers/simulator'

export interface StartedSimulator {
  readonly folder: string
  readonly socket: string
  /** Faults, clock, the whole state. */
  readonly admin: SimulatorAdmin
  readonly driver: Driver
  /** `sim-1` is `host(1)`. */
  host(number: number): HostTarget
  /** Ends the server as a kill would: connections break, the folder stays. */
  stop(): Promise<void>
  /** Starts it again on the same folder and socket. */
  restart(): Promise<void>
  close(): Promise<void>
}

/** What a driver is given to reach a simulated host. */
export const simulatedHost = (name: string): HostTarget => ({
  id: name as HostId,
  name,
  address: simulatedAddress(name),
})

/** Starts a simulator of so many hosts. `deadlineMs`: of each driver call. `site`: whose machines are listed as ours. */
export async function startSimulator(
  options: {
    readonly hosts?: number
    readonly capacity?: HostCapacity
    readonly deadlineMs?: number
    readonly site?: string
  } = {},
): Promise<StartedSimulator> {
  const { hosts = 1, capacity = USUAL_CAPACITY, deadlineMs, site } = options
  const folder = mkdtempSync(join(tmpdir(), 'sim-'))
  const socket = join(folder, 's.sock')
  const list = Array.from({ length: hosts }, (_, index) => ({ name: `sim-${index + 1}`, capacity }))
  const run = () => runSimulator({ folder: join(folder, 'data'), socket, log: pino({ level: 'silent' }), hosts: list })
  let running = await run()
  const admin = openSimulatorAdmin({ socket })
  const driver = openSimulatorDriver({
    socket,
    ...(deadlineMs === undefined ? {} : { deadlineMs }),
    ...(site === undefined ? {} : { site }),
  })
  return {
    folder: join(folder, 'data'),
    socket,
    admin,
    driver,
    host: (number) => simulatedHost(`sim-${number}`),
    stop: () => running.close(),
    restart: async () => {
      await running.close()
      running = await run()
    },
    close: async () => {
      await driver.close()
      await admin.close()
      await running.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
