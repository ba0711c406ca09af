/** Steps on a simulated host for tests of the simulator: claims with growing epochs, a machine in three steps. */
import type { Epoch } from '../../src/model/epoch'
import type { Size } from '../../src/model/machine'
import type { Driver, EffectTicket, HostTarget, MachineDefinition, Ticket } from '../../workers/drivers/driver'

export const SMALL: Size = { type: 't2.nano', cores: 1, cpuHundredths: 100, memoryMiB: 512, diskGiB: 1 }

let number = 0
let keys = 0

/** A newer claim than all before. */
export function claim(resource: string): Ticket & { effect(key?: string): EffectTicket } {
  const epoch: Epoch = { era: 1, number: ++number }
  return { resource, epoch, effect: (key = `${resource}/step/up/${++keys}`) => ({ resource, epoch, key }) }
}

export const definition = (name: string, size: Size = SMALL, site = 'local-1'): MachineDefinition => ({
  name,
  id: `id-of-${name}`,
  site,
  size,
  disks: [{ name: `${name}-root`, device: '/dev/sda1' }],
  interfaces: [],
  seed: null,
})

export const rootOrder = (name: string, sizeGiB = 1) =>
  ({ name: `${name}-root`, sizeGiB, source: { from: 'image', image: 'tiny', sizeGiB: 1 } }) as const

/** Disk, definition, power on, each under a claim of its own. */
export async function startMachine(driver: Driver, host: HostTarget, name: string, size: Size = SMALL): Promise<void> {
  await driver.disk.ensure(host, claim(name).effect(), rootOrder(name))
  await driver.define(host, claim(name).effect(), definition(name, size))
  await driver.power(host, claim(name).effect(), { to: 'on' })
}
