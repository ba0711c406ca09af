import { fault } from '../../../src/faults'
import { type ComputeRecord, filesOf, type ImageRecord } from '../../../src/model/records'
import type { BootOrder, InterfaceOrder, MachineDefinition } from '../../drivers/driver'
import { diskName } from './disk'
import { networkOrder } from './network'
import { type Step, type StepCall, undefinedMachine } from './step'

async function interfacesOf(record: ComputeRecord, read: StepCall['network']): Promise<InterfaceOrder[]> {
  return Promise.all(
    record.wish.interfaces.map(async ({ mac, address, network }) => {
      const found = await read(network)
      if (!found) throw fault('refused', 'its network is not there any more')
      return { mac, address, network: networkOrder(found) }
    }),
  )
}

/** How its image says that it is started; nothing of one that boots by its disk. */
function bootOf(image: ImageRecord | undefined): BootOrder | undefined {
  if (image?.wish.boot === undefined) return undefined
  const { kernel = null, initramfs = null } = filesOf(image)
  return { ...image.wish.boot, kernel, initramfs }
}

/** Up: the host knows the machine under its EC2 name and bears its record's id. Down: it is forgotten; the disks stay. */
export const define: Step = {
  name: 'define',
  // By its id, not by `domain`: a machine of which only the disks are there is 'off' too.
  lacks: ({ wish, seen }, machine) => {
    if (machine.id === null) return 'domain'
    // No look shows the size it was defined with; a new one is written while it is off.
    return machine.domain === 'off' && (wish.resizes ?? 0) > (seen.resizes ?? 0) ? 'size' : undefined
  },
  leaves: (_record, machine) => (machine.id === null ? undefined : 'domain'),
  async up({ driver, host, ticket, record, site, network, image }) {
    const from = await image(record.wish.image)
    if (!from && record.wish.disks.length === 0) throw fault('refused', 'its image is not there any more')
    const boot = bootOf(from)
    const definition: MachineDefinition = {
      name: record.wish.name,
      id: record.id,
      site,
      size: record.wish.size,
      disks: record.wish.disks.map((wanted) => ({ name: diskName(record, wanted), device: wanted.device })),
      interfaces: await interfacesOf(record, network),
      ...(boot === undefined ? {} : { boot }),
      seed: null,
    }
    return driver.define(host, ticket, definition)
  },
  down: ({ driver, host, ticket }) => driver.undefine(host, ticket),
  after: (machine, direction, record) =>
    direction === 'up'
      ? {
          ...machine,
          domain: 'off',
          id: record.id,
          disks: machine.disks.map((present) => ({ ...present, attached: true })),
          interfaces: record.wish.interfaces.map((wanted) => wanted.mac),
        }
      : undefinedMachine({
          ...machine,
          id: null,
          disks: machine.disks.map((present) => ({ ...present, attached: false })),
          interfaces: [],
        }),
}
