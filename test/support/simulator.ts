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
import type { MadeForeign } from '../contract/driver/bench'

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

let foreigners = 0
/** A foreign domain of two cores with a disk of one GiB and an interface on xenbr0, on a simulated host. */
export async function simulatedForeign(
  admin: SimulatorAdmin,
  host: string,
  name: string,
  more: {
    readonly domain?: 'running' | 'off' | 'crashed'
    readonly address?: string
    readonly obstacles?: string[]
  } = {},
): Promise<MadeForeign> {
  foreigners += 1
  const uuid = `6f1d2a3b-0000-4000-9000-${foreigners.toString().padStart(12, '0')}`
  const mac = `00:16:3e:00:01:${foreigners.toString(16).padStart(2, '0')}`
  const { domain = 'running', address = null, obstacles = [] } = more
  await admin.addForeign(host, {
    name,
    size: { type: '', cores: 2, cpuHundredths: 200, memoryMiB: 128, diskGiB: 1 },
    machine: {
      uuid,
      domain,
      boot: { mode: 'pvh', cmdline: null, kernel: '/guest/vmlinuz', initramfs: null, settings: {} },
      disks: [{ device: 'xvda', format: 'raw', path: `/guest/${name}.img`, sizeGiB: 1 }],
      interfaces: [{ mac, bridge: 'xenbr0', address }],
      obstacles,
    },
  })
  // A simulated disk has no contents that could be lost.
  return { uuid, mac, diskGiB: 1, memoryMiB: 128, isKept: () => true }
}

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
