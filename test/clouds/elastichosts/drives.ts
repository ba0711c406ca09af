/** Drives of the simulated zone: made, copied onto, read, written, destroyed. */
import { gunzipSync } from 'node:zlib'
import { merged } from './config'
import type { Properties } from './formats'
import { piecesOf, progressOf } from './imaging'
import { refuse } from './refusal'
import { claimsOn, type Drive, EVERYONE, newId, PACKED, PLATFORM, type World } from './world'

type Config = Readonly<Record<string, string>>

const KEYS =
  /^(?:name|size|claim:type|readers|tags|avoid|avoid:drives|avoid:servers|tier|encryption:cipher|user:[^ ]+)$/
const FIXED = /^(?:avoid|avoid:.*|tier|encryption:cipher)$/
const UNITS: Readonly<Record<string, number>> = { '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3, t: 1024 ** 4 }
/** The most that one read gives. */
const READ_BYTES = 4 * 1024 ** 2

export const drivesOfUser = (world: World, user: string): readonly Drive[] =>
  [...world.drives.values()].filter((drive) => drive.user === user)

export const standardDrives = (world: World): readonly Drive[] => drivesOfUser(world, PLATFORM)

/** One of the caller's. Fault of the API: missing. */
export function driveOf(world: World, user: string, id: string): Drive {
  const found = world.drives.get(id)
  if (found?.user !== user) throw refuse('missing', 'Drive could not be found')
  return found
}

/** One that the caller may copy from: its own, or one whose readers it is among. */
export function readableDrive(world: World, user: string, id: string): Drive {
  const found = world.drives.get(id)
  const readers = (found?.config.readers ?? '').split(' ')
  if (!found || !(found.user === user || readers.includes(user) || readers.includes(EVERYONE)))
    throw refuse('missing', 'Drive could not be found')
  return found
}

export function createDrive(world: World, user: string, config: Config): Drive {
  checkKeys(config)
  const { size: asked = '', ...rest } = config
  if (!rest.name) throw refuse('usage', 'Missing key name')
  if (asked === '') throw refuse('usage', 'Missing key size')
  const size = bytesOf(asked)
  checkRoom(world, user, size)
  const fresh: Drive = {
    id: newId(),
    user,
    config: merged({ 'claim:type': 'exclusive', 'encryption:cipher': 'aes-xts-plain', tier: 'disk' }, rest),
    size,
    imaging: null,
    holds: 'nothing',
    written: new Map(),
    writes: 0,
  }
  world.drives.set(fresh.id, fresh)
  return fresh
}

function checkKeys(config: Config): void {
  for (const key of Object.keys(config)) if (!KEYS.test(key)) throw refuse('usage', `Unknown key ${key}`)
  const claim = config['claim:type']
  if (claim !== undefined && claim !== 'exclusive' && claim !== 'shared')
    throw refuse('usage', 'claim:type: invalid value')
}

/** Bytes of `8G`, `512M`, `8589934592`. Fault of the API: usage. */
function bytesOf(text: string): number {
  const [, number, unit] = /^([0-9]{1,15})([kKmMgGtT]?)$/.exec(text) ?? []
  const bytes = Number(number) * (UNITS[unit?.toLowerCase() ?? ''] ?? 1)
  if (number === undefined || bytes < 1) throw refuse('usage', 'size: invalid value')
  return bytes
}

function checkRoom(world: World, user: string, more: number): void {
  const used = drivesOfUser(world, user).reduce((sum, drive) => sum + drive.size, 0)
  if (used + more > world.habits.storageBytes) throw refuse('full', 'Storage is full')
}

const isCopying = (world: World, drive: Drive): boolean => drive.imaging !== null && drive.imaging.until > world.now()

/** Nobody holds it and nothing is copied onto it. */
function checkFree(world: World, drive: Drive): void {
  if (claimsOn(world, drive.id).length > 0) throw refuse('busy', 'Drive is claimed')
  if (isCopying(world, drive)) throw refuse('busy', 'Drive is being imaged')
}

export function setDrive(world: World, drive: Drive, change: Config): void {
  checkKeys(change)
  for (const key of Object.keys(change)) if (FIXED.test(key)) throw refuse('usage', `${key}: cannot be set`)
  const { size: asked, ...rest } = change
  if (asked !== undefined) {
    const size = bytesOf(asked)
    if (size !== drive.size) checkFree(world, drive)
    if (size < drive.size) throw refuse('usage', 'size: a drive cannot shrink')
    checkRoom(world, drive.user, size - drive.size)
    drive.size = size
  }
  drive.config = merged(drive.config, rest)
}

/** A copy ends with its drive. */
export function destroyDrive(world: World, drive: Drive): void {
  if (claimsOn(world, drive.id).length > 0) throw refuse('busy', 'Drive is claimed')
  world.drives.delete(drive.id)
}

/** Starts a copy; it runs by the clock. */
export function copyOnto(world: World, drive: Drive, source: Drive, how: string): void {
  if (how !== '' && how !== 'gunzip' && how !== 'gzip') throw refuse('missing', 'No such command')
  checkFree(world, drive)
  if (isCopying(world, source)) throw refuse('busy', 'Source drive is being imaged')
  if (how === 'gunzip' && source.holds !== 'gzip') throw refuse('failed', 'Source drive is no gzip file')
  const bytes = how === 'gunzip' ? source.size * PACKED : source.size
  if (bytes > drive.size) throw refuse('full', 'Drive is too small for the image')
  const from = world.now()
  drive.imaging = { source: source.id, from, until: from + world.habits.imagingMs, how: how === '' ? 'plain' : how }
  drive.holds = how === 'gunzip' ? 'system' : how === 'gzip' ? 'gzip' : source.holds
  drive.writes += 1
  drive.written.clear()
  for (const [offset, bytesThere] of source.written) drive.written.set(offset, bytesThere)
}

export function writeDrive(world: World, drive: Drive, offset: number, body: Buffer, packed: 'gzip' | 'plain'): void {
  checkFree(world, drive)
  const bytes = packed === 'gzip' ? gunzipSync(body) : body
  if (!Number.isSafeInteger(offset) || offset < 0 || offset + bytes.length > drive.size)
    throw refuse('usage', 'Write is outside the drive')
  drive.written.set(offset, bytes)
  drive.writes += 1
  if (bytes.length > 0) drive.holds = bytes[0] === 0x1f && bytes[1] === 0x8b && offset === 0 ? 'gzip' : 'system'
}

export function readDrive(drive: Drive, offset: number, size: number): Buffer {
  if (!(size >= 0 && size <= READ_BYTES && offset >= 0 && offset + size <= drive.size))
    throw refuse('usage', 'Read is outside the drive or too large')
  const read = Buffer.alloc(size)
  for (const [at, bytes] of drive.written) {
    const from = Math.max(at, offset)
    const to = Math.min(at + bytes.length, offset + size)
    if (from < to) bytes.copy(read, from - offset, from - at, to - at)
  }
  return read
}

/** What `info` tells. */
export function driveInfo(world: World, drive: Drive): Properties {
  const { id, user, config, size, imaging, writes } = drive
  const { tags, readers, ...plain } = config
  const progress = imaging ? progressOf(imaging, world.now(), world.habits.hush) : undefined
  const written = writes + (imaging ? piecesOf(imaging, world.now()) : 0)
  const claims = claimsOn(world, id).map(({ server, device }) =>
    world.habits.dialect === 'old' ? server.id : `${user}:guest:${server.id}:${device}`,
  )
  return {
    drive: id,
    ...plain,
    ...(tags ? { tags: tags.split(' ') } : {}),
    ...(readers ? { readers: readers.split(' ') } : {}),
    size: String(size),
    user,
    status: progress !== undefined && world.habits.dialect === 'old' ? 'imaging' : 'active',
    ...(progress === undefined ? {} : { imaging: progress }),
    ...(claims.length > 0 ? { claimed: claims } : {}),
    'read:bytes': '4096',
    'write:bytes': String(written * 4096),
    'read:requests': '1',
    'write:requests': String(written),
  }
}
