/** The tags by which an instance is known to be a machine of ours, and a volume or an address one of ours. Not `occi-gateway:…`: at a partner of our kind those are orders to it. */
import { createHash } from 'node:crypto'
import type { Filter, Instance, Tag } from '@aws-sdk/client-ec2'
import type { MachineDefinition } from '../../driver'

const SITE = 'occi-gateway.site'
const MACHINE = 'occi-gateway.machine'
export const VOLUME = 'occi-gateway.volume'
export const ADDRESS = 'occi-gateway.address'
const RECORD = 'occi-gateway.record'
const KEY = 'occi-gateway.key'

/** States in which something of an instance is still there: a terminated one is told for an hour. */
const LIVE: Filter = {
  Name: 'instance-state-name',
  Values: ['pending', 'running', 'shutting-down', 'stopping', 'stopped'],
}

export const marksOf = ({ name, id, site }: MachineDefinition, key: string): Tag[] => [
  { Key: 'Name', Value: name },
  { Key: SITE, Value: site },
  { Key: MACHINE, Value: name },
  { Key: RECORD, Value: id },
  { Key: KEY, Value: key },
]

const marksBeside =
  (kind: string) =>
  (site: string, name: string, key: string): Tag[] => [
    { Key: 'Name', Value: name },
    { Key: SITE, Value: site },
    { Key: kind, Value: name },
    { Key: KEY, Value: key },
  ]

export const marksOfVolume = marksBeside(VOLUME)
export const marksOfAddress = marksBeside(ADDRESS)

/** Whatever bears the site's mark. */
export const ofSiteWide = (site: string): Filter => ({ Name: `tag:${SITE}`, Values: [site] })

/** Whatever is there of this site's machines. */
export const ofSite = (site: string): Filter[] => [ofSiteWide(site), LIVE]

export const ofMachine = (site: string, name: string): Filter[] => [...everOf(site, name), LIVE]

/** What ended within the last hour too. */
export const everOf = (site: string, name: string): Filter[] => [
  { Name: `tag:${MACHINE}`, Values: [name] },
  ofSiteWide(site),
]

export interface Mark {
  readonly machine: string
  readonly record: string | null
  /** Number of the attempt that made it: the lowest is the oldest. */
  readonly attempt: number
}

/** Undefined: it bears no mark of ours. */
export function markOf({ Tags = [] }: Instance): Mark | undefined {
  const tag = (key: string): string | undefined => Tags.find(({ Key }) => Key === key)?.Value
  const machine = tag(MACHINE)
  if (machine === undefined) return undefined
  return { machine, record: tag(RECORD) ?? null, attempt: attemptOf({ Tags }) }
}

interface Marked {
  readonly Tags?: readonly Tag[] | undefined
}

/** The key of the intent that made it; undefined: it bears none. */
export const keyOf = ({ Tags = [] }: Marked): string | undefined => Tags.find(({ Key }) => Key === KEY)?.Value

/** Number of the attempt that made it, as the intent's key says. */
export function attemptOf(marked: Marked): number {
  const attempt = Number(keyOf(marked)?.split('/').at(-1))
  return Number.isInteger(attempt) ? attempt : 0
}

/** EC2 takes a client token of up to 64 ASCII characters: the same for the same key, and another for any other. */
export const clientToken = (site: string, key: string): string =>
  createHash('sha256').update(`${site} ${key}`).digest('hex')

/** The name under which a public key is known there: the same key, the same name. */
export const keyName = (publicKey: string): string =>
  `occi-gateway-${createHash('sha256').update(publicKey).digest('hex').slice(0, 16)}`
