/** What a server is made with. */
import type { Epoch } from '../../../../src/model/epoch'
import type { MachineDefinition } from '../../driver'
import type { Configuration } from './api/format'
import { marksOf, nameOf } from './marks'
import type { Settings } from './settings'

export interface Ordered {
  readonly definition: MachineDefinition
  readonly settings: Settings
  readonly epoch: Epoch
  /** Id of the drive from which it starts. */
  readonly root: string
  /** Id of the drive that tells the guest who it is. */
  readonly seed: string | null
  /** The static address that is its own; null: any. */
  readonly address: string | null
  readonly vlan: string | null
}

/**
 * The configuration of `servers/create`. Always persistent: one that is not is destroyed when its guest shuts down. Without a password
 * there is no VNC.
 */
export function serverConfiguration({
  definition,
  settings,
  epoch,
  root,
  seed,
  address,
  vlan,
}: Ordered): Configuration {
  const { name, site, id, order, size } = definition
  const { cores, memoryMiB } = order?.type ?? size
  const device = settings.bus === 'ide' ? 'ide:0:0' : 'block:0'
  return {
    name: nameOf(site, name),
    cpu: String(cores * settings.mhzPerCore),
    smp: String(cores),
    mem: String(memoryMiB),
    persistent: 'true',
    boot: device,
    [device]: root,
    ...(seed === null ? {} : { 'ide:1:0': seed, 'ide:1:0:media': 'cdrom' }),
    'nic:0:model': settings.nic,
    'nic:0:dhcp': address ?? 'auto',
    ...(vlan === null ? {} : { 'nic:1:model': settings.nic, 'nic:1:vlan': vlan }),
    ...marksOf(site, name, epoch),
    'user:record': id,
    ...(order === undefined ? {} : { 'user:type': order.type.name }),
  }
}
