/**
 * What a machine's definition on its host is made of.
 *
 * No look shows what a domain was defined from, so its digest is remembered (`seen.defined`): whatever of it its owner changes
 * while the machine is off, the digest differs, and the definition is written anew before it runs again.
 */
import { createHash } from 'node:crypto'
import { fault } from '../../../src/faults'
import { nocloudDisk, type SeedInterface } from '../../../src/metadata/nocloud'
import { mostOf } from '../../../src/model/headroom'
import {
  type Adopted,
  type ComputeRecord,
  filesOf,
  type ImageRecord,
  type InterfaceWish,
  type NetworkRecord,
  type TakenOver,
} from '../../../src/model/records'
import type { BootOrder, MachineDefinition } from '../../drivers/driver'
import { diskName } from './disk'
import { networkOrder } from './network'
import { providerOrder } from './provider-order'
import type { StepCall } from './step'

/** Of all that its owner may change of the definition. User data counts as it lies sealed: nothing secret is digested. */
export function definitionDigest({ wish }: ComputeRecord): string {
  const { size, disks, interfaces, hostname, publicKey, userData, image } = wish
  const inputs = [
    [size.type, size.cores, size.cpuHundredths, size.memoryMiB, image],
    disks.map(({ name, device }) => [name, device]),
    interfaces.map(({ device, network, mac, address }) => [device, network, mac, address]),
    [hostname, publicKey ?? null, userData],
  ]
  return createHash('sha256').update(JSON.stringify(inputs)).digest('hex').slice(0, 16)
}

/** Read from the store, and its user data opened. Faults: 'refused' without its network or what it boots, and what `unseal` throws. */
export async function definitionOf(call: StepCall): Promise<MachineDefinition> {
  const { record, site } = call
  const { wish } = record
  const image = wish.adopted === undefined ? await imageOf(call) : undefined
  const boot = image && bootOf(image)
  const interfaces = await Promise.all(
    wish.interfaces.map(async (one) => ({ one, network: await networkOf(call, one) })),
  )
  return {
    name: wish.name,
    id: record.id,
    site,
    size: wish.size,
    ...(image === undefined ? {} : { most: mostOf(wish.size, image) }),
    disks: wish.disks.map((wanted) => ({ name: diskName(record, wanted), device: wanted.device })),
    interfaces: interfaces.map(({ one: { mac, address }, network }) => ({
      mac,
      address,
      network: networkOrder(network),
    })),
    ...(boot === undefined ? {} : { boot }),
    ...(call.host.provider === undefined ? {} : { order: providerOrder(call, call.host.provider, image) }),
    ...(wish.adopted === undefined ? {} : { takenOver: takenOver(record, wish.adopted) }),
    // At a provider its addresses are the provider's.
    seed: seedOf(
      call,
      call.host.provider === undefined ? interfaces.map(({ one, network }) => seedInterface(one, network)) : null,
    ),
  }
}

/**
 * Only its image says how it is started: guessed, a machine with a
 * kernel would come up as another one, or not at all. So the record of an image stays as long as a machine of it (reconcile/images),
 * and where it was lost that is told.
 */
async function imageOf({ record, image: read }: StepCall): Promise<ImageRecord> {
  const image = record.wish.image === null ? undefined : await read(record.wish.image)
  if (!image) throw fault('refused', 'its image is not there any more')
  return image
}

/** Nothing of one that boots by its disk. */
function bootOf(image: ImageRecord): BootOrder | undefined {
  if (image.wish.boot === undefined) return undefined
  const { kernel = null, initramfs = null } = filesOf(image)
  return { ...image.wish.boot, kernel, initramfs }
}

const takenOver = (record: ComputeRecord, { boot, disks }: Adopted): TakenOver => ({
  boot,
  disks: disks.flatMap(({ device, format, path }, at) => {
    const wanted = record.wish.disks[at]
    return wanted ? [{ name: diskName(record, wanted), device, format, path }] : []
  }),
})

async function networkOf({ network: read }: StepCall, { network }: InterfaceWish): Promise<NetworkRecord> {
  const found = await read(network)
  if (!found) throw fault('refused', 'its network is not there any more')
  return found
}

const seedInterface = ({ device, mac, address }: InterfaceWish, { wish }: NetworkRecord): SeedInterface => ({
  name: device,
  mac,
  address,
  cidr: wish.cidr,
  gateway: wish.gateway,
  dns: wish.dns ?? [],
})

/**
 * base64. The guest's instance id is its EC2 name: it stays as long as the machine, whatever of it changes. One that was taken over
 * is given no such disk: it was set up long ago, and might take the disk for another start of its life.
 */
function seedOf({ record, unseal }: StepCall, interfaces: readonly SeedInterface[] | null): string | null {
  const { name, hostname, publicKey, userData, adopted } = record.wish
  if (adopted !== undefined && userData === null) return null
  const disk = nocloudDisk({
    instanceId: name,
    hostname: hostname ?? name,
    publicKeys: publicKey === undefined ? [] : [publicKey],
    interfaces,
    userData: userData === null ? null : Buffer.from(unseal(record.id, userData), 'base64'),
  })
  return disk.toString('base64')
}
