/**
 * What `define` sends to a host: the machine's facts, its xl.cfg's head and its devices, each a section of one text
 * (host/20-config.sh takes it apart). Every word in it is checked here, once, against an alphabet that no shell, awk or xl reads
 * anything into.
 */
import { fault } from '../../../../../src/faults'
import type { TakenOver } from '../../../../../src/model/adoption'
import { SHA256 } from '../../../../../src/model/images'
import { MAC } from '../../../../../src/model/mac'
import type { InterfaceOrder, MachineDefinition, NetworkOrder } from '../../../driver'
import { bridgeOf, deviceOf } from '../../../network/names'
import { PATH, VDEV } from './alphabet'
import { vdevOf } from './device'
import { head } from './head'

const WORD = /^[A-Za-z0-9][A-Za-z0-9._:-]*$/
/** A bridge is a network device of Linux: at most 15 characters. */
const BRIDGE = /^[A-Za-z0-9][A-Za-z0-9._-]{0,14}$/

/** A name as it may stand in a path or a list on the host. Fault: refused. */
export function word(text: string): string {
  if (!WORD.test(text) || text.length > 64)
    throw fault('refused', `${JSON.stringify(text)} is no name that a host can keep`)
  return text
}

const matching = (pattern: RegExp, text: string, what: string): string => {
  if (!pattern.test(text)) throw fault('refused', `${JSON.stringify(text)} is no ${what}`)
  return text
}

/** One line of a machine's `nics`: MAC, bridge, state, network. */
export const nicLine = ({ mac, network }: InterfaceOrder): string =>
  `${matching(MAC, mac, 'MAC address')} ${matching(BRIDGE, bridgeOf(network), 'bridge')} on ${word(network.name)}`

/** A network as the deeds of networks take it: name, the operator's bridge, VLAN or -, our bridge, our VLAN device. */
export const networkLine = (network: NetworkOrder): string =>
  [
    word(network.name),
    matching(BRIDGE, network.bridge, 'bridge'),
    network.vlan ?? '-',
    matching(BRIDGE, bridgeOf(network), 'bridge'),
    deviceOf(network),
  ].join(' ')

/** One line of a machine's `disks`: name, virtual device, state. */
export const diskLine = ({ name, device }: { readonly name: string; readonly device: string }): string =>
  `${word(name)} ${vdevOf(device)} on`

/** Where disks lie that were taken over, and what they are called there: name, virtual device, format, path. */
type Taken = TakenOver['disks'][number]
const takenDiskLine = ({ name, device }: Taken): string =>
  `${word(name)} ${matching(VDEV, device, 'virtual device')} on`
const linkLine = ({ name, format, path }: Taken): string => `${word(name)} ${format} ${matching(PATH, path, 'path')}`

/** The text that `define` sends; the seed, a secret, comes last and is never among arguments. */
export function pieces(definition: MachineDefinition): string {
  const { id, site, size, boot, disks, interfaces, takenOver, seed } = definition
  const taken = (name: string): Taken | undefined => takenOver?.disks.find((one) => one.name === name)
  const vdevs = disks.map(({ name, device }) => taken(name)?.device ?? vdevOf(device))
  if (new Set(vdevs).size < vdevs.length) throw fault('refused', `two disks have one device: ${vdevs.join(', ')}`)
  const facts = [
    `id ${matching(/^[0-9a-f-]{36}$/, id, 'id of a machine')}`,
    `site ${word(site)}`,
    `cores ${size.cores}`,
    `cpu ${size.cpuHundredths}`,
    `memory ${size.memoryMiB}`,
    `mode ${takenOver?.boot.mode ?? boot?.mode ?? 'hvm'}`,
    ...(boot?.kernel ? [`kernel ${matching(SHA256, boot.kernel.sha256, 'checksum')}`] : []),
    ...(boot?.initramfs ? [`initramfs ${matching(SHA256, boot.initramfs.sha256, 'checksum')}`] : []),
  ]
  return [
    '== machine',
    ...facts,
    '== head',
    head(definition).trimEnd(),
    '== disks',
    ...disks.map((disk) => {
      const there = taken(disk.name)
      return there ? takenDiskLine(there) : diskLine(disk)
    }),
    '== nics',
    ...interfaces.map(nicLine),
    '== networks',
    ...new Set(interfaces.map((one) => networkLine(one.network))),
    ...(takenOver ? ['== links', ...takenOver.disks.map(linkLine)] : []),
    '== seed',
    ...(seed === null ? [] : (matching(/^[A-Za-z0-9+/]+={0,2}$/, seed, 'seed disk').match(/.{1,76}/g) ?? [])),
    '',
  ].join('\n')
}
