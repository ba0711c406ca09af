/** What a server's configuration may say: keys, ranges, and what each of them names. */
import { refuse } from './refusal'
import { drivesOf, isDevice, type World } from './world'

type Config = Readonly<Record<string, string>>

const MODELS = ['e1000', 'rtl8139', 'virtio']
const ADDRESS = /^(?:[0-9]{1,3}\.){3}[0-9]{1,3}$/
const MAC = /^[0-9a-f]{2}(?::[0-9a-f]{2}){5}$/i
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

const within = (low: number, high: number) => (text: string) =>
  /^[0-9]+$/.test(text) && Number(text) >= low && Number(text) <= high
const oneOf =
  (...values: readonly string[]) =>
  (text: string) =>
    values.includes(text)
const any = () => true

/** Each key that exists, and what it may be; patterns for those with numbers in them. */
const KEYS: readonly (readonly [RegExp, (text: string) => boolean])[] = [
  [/^name$/, (text) => text !== ''],
  [/^cpu$/, within(500, 20_000)],
  [/^smp$/, (text) => text === 'auto' || within(1, 8)(text)],
  [/^mem$/, within(256, 8192)],
  [/^persistent$/, oneOf('true', 'false')],
  [/^boot$/, (text) => text.split(' ').every(isDevice)],
  [/^(?:ide:[01]:[01]|scsi:0:[0-7]|block:[0-7])$/, (text) => text === '' || UUID.test(text)],
  [/^(?:ide:[01]:[01]|scsi:0:[0-7]|block:[0-7]):media$/, oneOf('disk', 'cdrom', '')],
  [/^nic:[01]:model$/, oneOf(...MODELS, '')],
  [/^nic:0:dhcp$/, (text) => text === 'auto' || text === '' || ADDRESS.test(text)],
  [/^nic:0:firewall:policy$/, oneOf('accept', 'reject', '')],
  [/^nic:0:firewall:(?:accept|reject)$/, any],
  [/^nic:1:vlan$/, (text) => text === '' || UUID.test(text)],
  [/^nic:1:mac$/, (text) => MAC.test(text)],
  [/^vnc$/, oneOf('auto', '')],
  [/^vnc:ip$/, oneOf('auto', '')],
  [/^(?:vnc:)?password$/, (text) => text.length <= 8],
  [/^vnc:tls$/, oneOf('on', 'off', '')],
  [/^tags$/, any],
  [/^user:[^ ]+$/, any],
  [/^avoid:(?:drives|servers)$/, any],
]

/** May be set while it is active. */
const LIVE = /^(?:name|cpu|persistent|tags|password|vnc:password|user:.*)$/

/** Checks keys and values alone. Fault of the API: usage, with the key. */
export function checkKeys(config: Config): void {
  for (const [key, value] of Object.entries(config)) {
    const known = KEYS.find(([pattern]) => pattern.test(key))
    if (!known) throw refuse('usage', `Unknown key ${key}`)
    if (!known[1](value)) throw refuse('usage', `${key}: invalid value`)
  }
}

/** Keys of a change that wait until the server is stopped. */
export const notLive = (config: Config): readonly string[] => Object.keys(config).filter((key) => !LIVE.test(key))

/** Checks a whole configuration: what is required, and that what it names is there and the caller's. */
export function checkWhole(world: World, user: string, config: Config): void {
  for (const key of ['name', 'cpu', 'mem']) if (!config[key]) throw refuse('usage', `Missing key ${key}`)
  for (const device of (config.boot ?? '').split(' '))
    if (device !== '' && !config[device]) throw refuse('usage', `boot: there is no ${device}`)
  for (const { device, drive } of drivesOf(config)) {
    const found = world.drives.get(drive)
    const mayRead = config[`${device}:media`] === 'cdrom' && found?.config.readers !== undefined
    if (!found || (found.user !== user && !mayRead)) throw refuse('missing', `${device}: drive could not be found`)
  }
  const vlan = config['nic:1:vlan'] ?? ''
  if (vlan !== '' && resourceOf(world, user, vlan)?.type !== 'vlan') throw refuse('missing', 'nic:1:vlan: no such VLAN')
  const address = config['nic:0:dhcp'] ?? ''
  if (ADDRESS.test(address) && resourceOf(world, user, address)?.type !== 'ip')
    throw refuse('missing', 'nic:0:dhcp: no such address')
}

const resourceOf = (world: World, user: string, id: string) => {
  const found = world.resources.get(id)
  return found?.user === user ? found : undefined
}

/** An empty value takes a key away. */
export function merged(config: Config, change: Config): Record<string, string> {
  const next = { ...config, ...change }
  return Object.fromEntries(Object.entries(next).filter(([, value]) => value !== ''))
}
