/** Every driver by its kind, as a host's record names it: one line each. */
import { fault } from '../../src/faults'
import type { ImageStore } from '../../src/images/image-store'
import type { Driver } from './driver'
import { openXenDriver } from './hypervisors/xl'
import { openEc2Driver } from './providers/ec2'
import { openElasticHostsDriver } from './providers/elastichosts'
import { openOcciDriver } from './providers/occi'
import type { RemoteOptions } from './remote'
import { openSimulatorDriver } from './simulator'

export interface DriverOptions {
  /** The site whose mark our machines bear. */
  readonly site: string
  /** Unix socket of the simulator; undefined: there is none. */
  readonly simulator: string | undefined
  /** Where real hosts' images come from. */
  readonly images: ImageStore
  /** How real hosts are logged in to. */
  readonly ssh: RemoteOptions
}

const DRIVERS: Readonly<Record<string, (options: DriverOptions) => Driver>> = {
  // Xen by xl over ssh.
  xl: ({ site, images, ssh }) => openXenDriver({ site, images, ssh }),
  // Amazon EC2 and what is compatible.
  ec2: ({ site }) => openEc2Driver({ site }),
  // ElasticHosts and resellers of its platform.
  elastichosts: ({ site }) => openElasticHostsDriver({ site }),
  // Any cloud that speaks OCCI, another gateway of ours too.
  occi: ({ site }) => openOcciDriver({ site }),
  simulator: ({ site, simulator }) => openSimulatorDriver({ socket: required(simulator), site }),
}

export const DRIVER_KINDS: readonly string[] = Object.keys(DRIVERS)

const required = (simulator: string | undefined): string => {
  if (simulator === undefined) throw fault('unreachable', 'no simulator is configured for this worker')
  return simulator
}

export interface Drivers {
  /** Opened when first asked for. 'unsupported' for a kind that does not exist. */
  of(kind: string): Driver
  close(): Promise<void>
}

export function openDrivers(options: DriverOptions): Drivers {
  const open = new Map<string, Driver>()
  return {
    of(kind) {
      const known = open.get(kind)
      if (known) return known
      const factory = DRIVERS[kind]
      if (!factory) throw fault('unsupported', `there is no driver ${kind}; there are ${DRIVER_KINDS.join(', ')}`)
      const driver = factory(options)
      open.set(kind, driver)
      return driver
    },
    close: async () => void (await Promise.all([...open.values()].map((driver) => driver.close()))),
  }
}
