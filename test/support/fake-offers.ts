/** What the site of the fake operations offers: images, instance types, its network. */
import { type ImageId, type NetworkId, type TypeId, typeTerm } from '../../src/model/ids'
import type { ImageRecord, NetworkRecord, TypeRecord } from '../../src/model/records'

const numbers = {
  project: null,
  rev: 1,
  generation: 1,
  wakes: 0,
  phase: 0,
  schema: 1,
  journal: null,
  place: null,
} as const
const epoch = { era: 0, number: 0 }
/** When everything began, ms. */
export const at = 1_800_000_000_000

export const image = (n: number, name: string, title: string, sizeGiB: number): ImageRecord => ({
  ...numbers,
  kind: 'image',
  epoch,
  id: `cccccccc-0000-4000-8000-00000000000${n}` as ImageId,
  wish: {
    exists: true,
    name,
    ami: `ami-0000000000000000${n}`,
    title,
    description: `${title}, for tests`,
    sizeGiB,
    rootDevice: '/dev/sda1',
    architecture: 'x86_64',
    format: 'raw',
    simulated: true,
    tags: {},
    createdAt: at,
  },
  seen: { state: 'available' },
})

export const instanceType = (n: number, name: string, cores: number, memoryMiB: number): TypeRecord => ({
  ...numbers,
  kind: 'type',
  epoch,
  id: `bbbbbbbb-0000-4000-8000-00000000000${n}` as TypeId,
  wish: {
    name,
    term: typeTerm(name),
    title: name,
    size: { type: name, cores, cpuHundredths: cores * 100, memoryMiB, diskGiB: 8 },
    createdAt: at,
  },
  seen: null,
})

export const network: NetworkRecord = {
  ...numbers,
  kind: 'network',
  epoch,
  id: 'dddddddd-0000-4000-8000-000000000001' as NetworkId,
  wish: {
    exists: true,
    name: 'default',
    subnet: 'subnet-00000000000000001',
    title: 'Default network',
    cidr: '10.0.0.0/16',
    gateway: '10.0.0.1',
    bridge: 'br0',
    vlan: null,
    tags: {},
    createdAt: at,
  },
  seen: { state: 'active' },
}
