/** What the simulated zone has: accounts, servers, drives, addresses, VLANs, and the clock by which copies and guests move. */
import { randomUUID } from 'node:crypto'
import type { Hush, Imaging } from './imaging'

export interface Server {
  readonly id: string
  readonly user: string
  /** Its configuration by the API's own keys. */
  config: Record<string, string>
  status: 'active' | 'stopped' | 'paused' | 'dumped' | 'dead'
  /** Epoch seconds; null while it does not run. */
  started: number | null
  /** The public address that it has while it runs. */
  ip: string | null
  /** When its guest obeys a shutdown, ms; null: nobody pressed the button. */
  obeysAt: number | null
}

export interface Drive {
  readonly id: string
  readonly user: string
  config: Record<string, string>
  /** Bytes. */
  size: number
  /** Under way, or over and not looked at since. */
  imaging: Imaging | null
  /** What lies on it: nothing, an installed system, or a packed file that no guest starts from. */
  holds: 'nothing' | 'system' | 'gzip'
  /** Bytes that clients wrote, by offset. */
  readonly written: Map<number, Buffer>
  writes: number
}

export interface Resource {
  /** A UUID, or the address itself. */
  readonly id: string
  readonly type: 'ip' | 'vlan'
  readonly user: string
  config: Record<string, string>
}

export interface Habits {
  /** How zones differ. `old`: start answers with the server, copies show as a status. `new`: `smp:cores`, lists with columns. */
  readonly dialect: 'old' | 'new'
  /** ms that a copy takes; the test may change it. */
  imagingMs: number
  /** When a zone that copies does not say so. */
  hush: Hush
  /** ms until a guest obeys a shutdown; null: guests never do. */
  obeysMs: number | null
  /** Bytes of drives that the account may have. */
  storageBytes: number
  /** Core-MHz of servers that run at once. */
  cpu: number
  /** The account's balance is used up: starts answer 402. */
  balance: 'some' | 'none'
}

export interface World {
  readonly habits: Habits
  readonly servers: Map<string, Server>
  readonly drives: Map<string, Drive>
  readonly resources: Map<string, Resource>
  /** ms since 1970: real time and what the test added. */
  now(): number
}

/** The drives' owner of the standard images. */
export const PLATFORM = '00000000-0000-0000-0000-000000000001'
/** `readers` of what everybody may copy. */
export const EVERYONE = 'ffffffff-ffff-ffff-ffff-ffffffffffff'
export const GIB = 1024 ** 3
/** A packed image unpacks to so many times its size. */
export const PACKED = 4

/** Standard images that the zone offers, gzip files: id, name, size when unpacked. Ids as libcloud knows them. */
export const STANDARD = [
  { id: '980cf63c-f21e-4382-997b-6541d5809629', name: 'Debian Linux 5.0', unpackedBytes: GIB },
  { id: '62f512cd-82c7-498e-88d8-a09ac2ef20e7', name: 'Ubuntu Linux 12.04', unpackedBytes: GIB },
] as const

export function newWorld(habits: Habits, now: () => number): World {
  const drives = new Map<string, Drive>()
  for (const { id, name, unpackedBytes } of STANDARD)
    drives.set(id, {
      id,
      user: PLATFORM,
      config: { name, 'claim:type': 'shared', readers: EVERYONE, 'encryption:cipher': 'none' },
      size: unpackedBytes / PACKED,
      imaging: null,
      holds: 'gzip',
      written: new Map(),
      writes: 0,
    })
  return { habits, servers: new Map(), drives, resources: new Map(), now }
}

export const newId = (): string => randomUUID()

/** Devices that a configuration may name, and the drives under them. */
const DEVICE = /^(?:ide:[01]:[01]|scsi:0:[0-7]|block:[0-7])$/
export const isDevice = (key: string): boolean => DEVICE.test(key)
export const drivesOf = (config: Readonly<Record<string, string>>): readonly { device: string; drive: string }[] =>
  Object.entries(config).flatMap(([device, drive]) => (isDevice(device) && drive !== '' ? [{ device, drive }] : []))

/** A server that holds its drives: all but a stopped one. */
export const isHolding = (server: Server): boolean => server.status !== 'stopped'

/** Servers that hold a drive, with the device under which. */
export const claimsOn = (world: World, drive: string): readonly { server: Server; device: string }[] =>
  [...world.servers.values()]
    .filter(isHolding)
    .flatMap((server) =>
      drivesOf(server.config).flatMap((one) => (one.drive === drive ? [{ server, device: one.device }] : [])),
    )
