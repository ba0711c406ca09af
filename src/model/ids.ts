/** Names of things: record ids (UUID), EC2 short names, account ids, `kind:id` references. Pure; drawing them is operations/draw.ts. */

declare const brand: unique symbol
type Branded<T, B extends string> = T & { readonly [brand]: B }

export type ComputeId = Branded<string, 'compute'>
export type NetworkId = Branded<string, 'network'>
export type StorageId = Branded<string, 'storage'>
export type ImageId = Branded<string, 'image'>
export type TypeId = Branded<string, 'type'>
export type HostId = Branded<string, 'host'>
export type ProjectId = Branded<string, 'project'>
export type UserId = Branded<string, 'user'>
export type KeyId = Branded<string, 'key'>
export type MixinId = Branded<string, 'mixin'>
export type KeyPairId = Branded<string, 'keypair'>
export type SnapshotId = Branded<string, 'snapshot'>
export type ImportId = Branded<string, 'imageimport'>
export type HostCheckId = Branded<string, 'hostcheck'>
export type ForeignLookId = Branded<string, 'foreignlook'>
export type SecurityGroupId = Branded<string, 'securitygroup'>
export type StudyId = Branded<string, 'study'>
export type AddressId = Branded<string, 'address'>
export type PlacementGroupId = Branded<string, 'placementgroup'>
export type ReservationId = Branded<string, 'reservation'>
export type LaunchTemplateId = Branded<string, 'launchtemplate'>
export type LaunchTemplateVersionId = Branded<string, 'launchtemplateversion'>

/** Every kind that has records. `site` is the one record of the site itself, `placement` the scheduler's. */
export const KINDS = [
  'compute',
  'network',
  'storage',
  'image',
  'type',
  'host',
  'project',
  'user',
  'key',
  'mixin',
  'keypair',
  'console',
  'snapshot',
  'imageimport',
  'hostcheck',
  'foreignlook',
  'securitygroup',
  'address',
  'placementgroup',
  'reservation',
  'placement',
  'audit',
  'files',
  'relocation',
  'study',
  'accounts',
  'launchtemplate',
  'launchtemplateversion',
] as const
export type Kind = (typeof KINDS)[number]

/** A record's name on the agenda and in jobs. */
export interface Ref {
  readonly kind: Kind
  readonly id: string
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** Whether a text is a UUID in lower case, the only form ids take. */
export const isUuid = (text: string): boolean => UUID.test(text)

/** `kind:id`, the member on the agenda. */
export const formatRef = (ref: Ref): string => `${ref.kind}:${ref.id}`

/** The inverse of formatRef; undefined for what is none. */
export function parseRef(text: string): Ref | undefined {
  const colon = text.indexOf(':')
  const kind = KINDS.find((known) => known === text.slice(0, colon))
  const id = text.slice(colon + 1)
  return kind !== undefined && id !== '' ? { kind, id } : undefined
}

/** EC2's prefixes for short names; the rest is 17 hex digits. */
export const SHORT_PREFIXES = {
  compute: 'i',
  reservation: 'r',
  image: 'ami',
  storage: 'vol',
  network: 'subnet',
  snapshot: 'snap',
  networkinterface: 'eni',
  keypair: 'key',
  vpc: 'vpc',
  importimage: 'import-ami',
  importsnapshot: 'import-snap',
  securitygroup: 'sg',
  securitygrouprule: 'sgr',
  address: 'eipalloc',
  addressassociation: 'eipassoc',
  addresspool: 'ipv4pool-ec2',
  placementgroup: 'pg',
  capacityreservation: 'cr',
  host: 'h',
  launchtemplate: 'lt',
} as const
export type ShortKind = keyof typeof SHORT_PREFIXES

/** EC2's form of a name: prefix and 17 hex digits (older tools also send 8). */
export const shortName = (kind: ShortKind, seventeenHexDigits: string): string =>
  `${SHORT_PREFIXES[kind]}-${seventeenHexDigits}`

/** Whether a text has the form of a short name of that kind: 8 or 17 hex digits behind the prefix. */
export const isShortName = (kind: ShortKind, text: string): boolean =>
  new RegExp(`^${SHORT_PREFIXES[kind]}-(?:[0-9a-f]{8}|[0-9a-f]{17})$`).test(text)

/** An account id as EC2 shows it: 12 digits. */
export const isAccountId = (text: string): boolean => /^[0-9]{12}$/.test(text)

/** The OCCI term of an instance type: its name with `.` as `_` (rOCCI fails on a dot). */
export const typeTerm = (name: string): string => name.replaceAll('.', '_')
