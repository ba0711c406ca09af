/** Servers, drives, addresses and VLANs as a zone tells of them. What is no server is no server: then the whole answer is not believed. */
import { isIP } from 'node:net'
import { isUuid } from '../../../../../src/model/ids'
import { listIn, type Properties } from './properties'

export type ServerStatus = 'active' | 'stopped' | 'paused' | 'dumped' | 'dead' | 'other'

export interface Server {
  readonly id: string
  readonly status: ServerStatus
  /** ms; null while it does not run, or where the zone does not tell. */
  readonly startedAt: number | null
  /** Public addresses while it runs. */
  readonly addresses: readonly string[]
  /** The static address that it is to have; null: any. */
  readonly fixedAddress: string | null
  /** Ids of its drives, whatever the devices. */
  readonly drives: readonly string[]
  /** Its `user:` keys, without that word. */
  readonly marks: Properties
}

export interface Drive {
  readonly id: string
  /** Bytes. */
  readonly size: number
  /** `imaging` as told, or what stands for it on old zones; null: no word of a copy. */
  readonly imaging: string | null
  /** How much was written onto it so far, in the zone's own words; '' where it does not tell. */
  readonly writes: string
  readonly marks: Properties
}

export interface Resource {
  /** A UUID, or the address itself. */
  readonly id: string
  readonly name: string
}

const STATUSES: readonly string[] = ['active', 'stopped', 'paused', 'dumped', 'dead']
const DEVICE = /^(?:ide:[01]:[01]|scsi:0:[0-7]|block:[0-7])$/

/** Undefined: it is none. */
export function serverIn(properties: Properties): Server | undefined {
  const id = properties.get('server') ?? ''
  const status = properties.get('status')
  if (!isUuid(id) || status === undefined) return undefined
  const started = Number(properties.get('started') ?? Number.NaN)
  return {
    id,
    status: isStatus(status) ? status : 'other',
    startedAt: status === 'active' && Number.isSafeInteger(started) && started > 0 ? started * 1000 : null,
    addresses: status === 'active' ? listIn(properties, 'nic:0:dhcp:ip').filter((one) => isIP(one) !== 0) : [],
    fixedAddress: fixedIn(properties.get('nic:0:dhcp') ?? properties.get('nic:0:static') ?? ''),
    drives: [...properties].flatMap(([key, value]) => (DEVICE.test(key) ? [value] : [])),
    marks: marksIn(properties),
  }
}

const fixedIn = (text: string): string | null => (text === '' || text === 'auto' ? null : text)

const isStatus = (text: string): text is Exclude<ServerStatus, 'other'> => STATUSES.includes(text)

/** Undefined: it is none. */
export function driveIn(properties: Properties): Drive | undefined {
  const id = properties.get('drive') ?? ''
  const size = Number(properties.get('size') ?? Number.NaN)
  if (!isUuid(id) || !Number.isSafeInteger(size) || size < 0) return undefined
  return {
    id,
    size,
    imaging: imagingIn(properties),
    writes: [properties.get('write:requests'), properties.get('write:bytes')]
      .filter((one) => one !== undefined)
      .join('/'),
    marks: marksIn(properties),
  }
}

/** Absent or `false`: no word of a copy. Old zones have it in the status. */
function imagingIn(properties: Properties): string | null {
  const imaging = properties.get('imaging') ?? 'false'
  if (imaging !== 'false' && imaging !== '') return imaging
  return ['copying', 'imaging'].includes(properties.get('status') ?? '') ? 'true' : null
}

/** Undefined: it is none. */
export function resourceIn(properties: Properties): Resource | undefined {
  const id = properties.get('resource') ?? ''
  return id === '' || id.includes('/') ? undefined : { id, name: properties.get('name') ?? '' }
}

const marksIn = (properties: Properties): Properties =>
  new Map([...properties].flatMap(([key, value]) => (key.startsWith('user:') ? [[key.slice(5), value] as const] : [])))
