/**
 * What a guest is told when it boots: a disk that cloud-init's NoCloud source finds by its label and reads (cloud-init docs,
 * "NoCloud"; both `cidata` and `CIDATA` are taken). Pure: the same machine is the same bytes, so that defining it again
 * changes nothing.
 *
 * Texts are JSON, which is YAML too: no quoting rule of YAML can be tripped over by what a user wrote.
 */
import { type IsoFile, isoImage } from './iso9660'

export interface SeedInterface {
  /** As the guest is to call it: eth0. */
  readonly name: string
  readonly mac: string
  /** Null: the guest asks by DHCP. */
  readonly address: string | null
  /** Range of its network, 10.0.0.0/16. */
  readonly cidr: string
  /** '' where the network has none. */
  readonly gateway: string
  readonly dns: readonly string[]
}

export interface Seed {
  /** cloud-init does its first boot's work again when this is another one, so it stays through resizes and restarts. */
  readonly instanceId: string
  readonly hostname: string
  /** Each one line in OpenSSH's form. */
  readonly publicKeys: readonly string[]
  /** Null: nothing is said of the network, and the guest asks by DHCP on its first interface. */
  readonly interfaces: readonly SeedInterface[] | null
  /** Passed unchanged: a script, #cloud-config, multipart or gzip. Null: none. */
  readonly userData: Buffer | null
}

const LABEL = 'cidata'

/** The disk's bytes. Secret, for user data may be. */
export const nocloudDisk = (seed: Seed): Buffer => isoImage(LABEL, nocloudFiles(seed))

/**
 * Its files. `user-data` is there even when there is none: cloud-init takes no disk without it. A `network-config` without interfaces
 * would say that there is no network; where nothing is to be said there is none.
 */
export const nocloudFiles = (seed: Seed): readonly IsoFile[] => [
  { name: 'meta-data', data: json(metaData(seed)) },
  { name: 'user-data', data: seed.userData ?? Buffer.alloc(0) },
  ...(seed.interfaces === null ? [] : [{ name: 'network-config', data: json(networkConfig(seed.interfaces)) }]),
]

/** Some characters of JSON's are line ends to YAML (NEL, LS, PS) or refused by it: they are written as escapes, which both know. */
function json(value: unknown): Buffer {
  const text = JSON.stringify(value, null, 1).replace(
    /[\u007f-\u00a0\u2028\u2029\ufeff\ufffe\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
  return Buffer.from(`${text}\n`, 'utf8')
}

const metaData = ({ instanceId, hostname, publicKeys }: Seed) => ({
  'instance-id': instanceId,
  'local-hostname': hostname,
  ...(publicKeys.length === 0 ? {} : { 'public-keys': publicKeys }),
})

/** Version 1, which every release of cloud-init renders for every distribution. Only the first interface leads out. */
const networkConfig = (interfaces: readonly SeedInterface[]) => ({
  version: 1,
  config: interfaces.map((one, index) => ({
    type: 'physical',
    name: one.name,
    mac_address: one.mac.toLowerCase(),
    subnets: [one.address === null ? { type: 'dhcp4' } : fixed(one, one.address, index === 0)],
  })),
})

const fixed = ({ cidr, gateway, dns }: SeedInterface, address: string, leadsOut: boolean) => ({
  type: 'static',
  address: `${address}/${cidr.slice(cidr.indexOf('/') + 1)}`,
  ...(leadsOut && gateway !== '' ? { gateway } : {}),
  ...(leadsOut && dns.length > 0 ? { dns_nameservers: dns } : {}),
})
