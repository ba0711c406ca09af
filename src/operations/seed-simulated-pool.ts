/**
 * The simulated pool: hosts, instance types, images and a network, so that a new site works at once. Each part is made where it
 * is missing, in one change; hosts only where there are none at all, so that what an operator removed stays away while another
 * one is left, and never beside real ones.
 */
import { createHash } from 'node:crypto'
import { type ShortKind, shortName } from '../model/ids'
import type { ImageWish, NetworkWish } from '../model/records'
import { type Create, NOBODY, type Take } from '../store/store'
import { attempt } from './attempt'
import type { Context } from './context'
import { drawId } from './draw'
import { newHost, SIMULATOR } from './host-changes'
import { typeWish } from './offers/types'

const HOSTS = 8
const ZONES = ['a', 'b', 'c', 'd'] as const

/** AWS's names and sizes (EC2 instance types): name, vCPUs, MiB. */
const TYPES: readonly (readonly [string, number, number])[] = [
  ['t2.nano', 1, 512],
  ['t2.micro', 1, 1024],
  ['t2.small', 1, 2048],
  ['t2.medium', 2, 4096],
  ['t2.large', 2, 8192],
  ['t3.nano', 2, 512],
  ['t3.micro', 2, 1024],
  ['t3.small', 2, 2048],
  ['t3.medium', 2, 4096],
  ['t3.large', 2, 8192],
  ['m1.small', 1, 1740],
  ['m1.medium', 1, 3840],
  ['m5.large', 2, 8192],
  ['m5.xlarge', 4, 16384],
  ['c5.large', 2, 4096],
]

const IMAGES = [
  { name: 'debian-12', title: 'Debian 12', description: 'Debian 12 (simulated)', sizeGiB: 8 },
  { name: 'tiny', title: 'Tiny', description: 'A small disk for trying things out (simulated)', sizeGiB: 1 },
] as const

const PUBLIC_NETWORK = {
  name: 'public',
  title: 'public addresses (simulated)',
  // TEST-NET-3 (RFC 5737): nobody's.
  cidr: '203.0.113.0/24',
  gateway: '203.0.113.1',
  bridge: 'br0',
  isPublic: true,
} as const
const NETWORK = {
  name: 'default',
  title: 'default network',
  cidr: '10.0.0.0/16',
  gateway: '10.0.0.1',
  bridge: 'br0',
} as const

/** The same name on every site and start: derived from what it names. */
export const stableName = (kind: ShortKind, of: string): string =>
  shortName(kind, createHash('sha256').update(`${kind}:${of}`).digest('hex').slice(0, 17))

interface Part {
  readonly create: Create
  readonly takes: readonly Take[]
}

/** Idempotent, from any number of gateways at once. Faults: 'unavailable'. */
export async function seedSimulatedPool(context: Context): Promise<void> {
  await attempt(context, NOBODY, 'seed-simulated-pool', async () => {
    await context.mirror.fresh()
    const now = context.clock.now()
    const parts = [...missingHosts(context, now), ...missingOffers(context, now)]
    if (parts.length === 0) return { change: undefined, value: undefined }
    const creates = parts.map((part) => part.create)
    return { change: { creates, takes: parts.flatMap((part) => part.takes) }, value: undefined }
  })
}

function missingHosts({ mirror, site }: Context, now: number): readonly Part[] {
  if (mirror.all('host').length > 0) return []
  return Array.from({ length: HOSTS }, (_, index): Part => {
    const name = `sim-${index + 1}`
    const zone = `${site}${ZONES[index % ZONES.length]}`
    const { create, takes } = newHost({ name, zone, driver: SIMULATOR, address: `${SIMULATOR}:${name}` }, now)
    return { create, takes }
  })
}

const missingOffers = ({ mirror }: Context, now: number): readonly Part[] => [
  ...TYPES.filter(([name]) => !mirror.named(`type:${name}`)).map((type) => newType(type, now)),
  // Listed in order of creation: the default one first.
  ...IMAGES.filter(({ name }) => !mirror.named(`image:${name}`)).map((image, index) => newImage(image, now + index)),
  ...(mirror.all('network').length === 0 ? [newNetwork(NETWORK, now), newNetwork(PUBLIC_NETWORK, now + 1)] : []),
]

const part = (kind: 'type' | 'image' | 'network', wish: unknown, seen: unknown, names: readonly string[]): Part => {
  const id = drawId<string>()
  return {
    create: { ref: { kind, id }, project: null, wish, seen, journal: null, place: null, wake: false },
    takes: names.map((field) => ({ hash: 'names', field, value: `${kind}:${id}` })),
  }
}

function newType([name, cores, memoryMiB]: readonly [string, number, number], now: number): Part {
  return part('type', typeWish({ name, cores, memoryMiB }, now), null, [`type:${name}`])
}

function newImage(image: (typeof IMAGES)[number], now: number): Part {
  const ami = stableName('image', image.name)
  const wish: ImageWish = {
    ...image,
    exists: true,
    ami,
    rootDevice: '/dev/sda1',
    architecture: 'x86_64',
    format: 'raw',
    simulated: true,
    tags: {},
    createdAt: now,
  }
  return part('image', wish, { state: 'available' }, [`image:${image.name}`, ami])
}

function newNetwork(network: typeof NETWORK | typeof PUBLIC_NETWORK, now: number): Part {
  const subnet = stableName('network', network.name)
  const wish: NetworkWish = { ...network, exists: true, subnet, vlan: null, tags: {}, createdAt: now }
  return part('network', wish, { state: 'active' }, [`network:${network.name}`, subnet])
}
