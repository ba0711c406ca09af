/**
 * The common template: what an order says for the case that its machine runs at a provider. One order has what is asked of hosts here,
 * and for each kind of provider a section of its own; a provider is given its own kind's section and nothing of the others'.
 *
 * What a section names is the provider's: its types, images, subnets. Each of them costs or opens something of the operator's account, so
 * only what the operator offers there can be had: a machine whose section names anything else never goes to that provider. Pure.
 */
import type { SealedText } from '../sealed-text'
import { CHOICES, isProviderKind, PROVIDER_KINDS, type ProviderKind } from './record'

/** What of a section may be said. */
interface SectionKey {
  readonly means: string
  /** `offered`: a type or image of the provider's list; `allowed`: what the operator allows or has set; `free`: its owner's alone. */
  readonly taken: 'offered' | 'allowed' | 'free'
  /** Several, with commas. */
  readonly many?: true
}

const TYPE: SectionKey = { means: 'type that it takes there, as the provider calls it', taken: 'offered' }
const IMAGE: SectionKey = { means: 'image that it starts from there, by the provider’s own id', taken: 'offered' }
const TAGS: SectionKey = { means: 'tags there: name=value,…', taken: 'free', many: true }

/** By kind: what its section may name. A key that is a setting of the kind too stands in its place. */
export const SECTION_KEYS: Readonly<Record<ProviderKind, Readonly<Record<string, SectionKey>>>> = {
  ec2: {
    type: TYPE,
    image: IMAGE,
    zone: { means: 'availability zones there, the first that has room', taken: 'allowed', many: true },
    subnet: { means: 'subnets there, the first that has room', taken: 'allowed', many: true },
    securityGroup: { means: 'security groups there', taken: 'allowed', many: true },
    key: { means: 'name of a key pair there, beside no public key of its own', taken: 'allowed' },
    tags: TAGS,
  },
  elastichosts: {
    type: TYPE,
    image: IMAGE,
    vlan: { means: 'VLAN of its second interface', taken: 'allowed' },
    address: { means: 'auto, or static for an address of its own', taken: 'allowed' },
    tier: { means: 'what its drives lie on: disk or ssd', taken: 'allowed' },
    nic: { means: 'virtio, e1000 or rtl8139', taken: 'free' },
    bus: { means: 'ide or virtio', taken: 'free' },
  },
  occi: {
    type: TYPE,
    image: IMAGE,
    zone: { means: 'availability zone there, by its term', taken: 'allowed' },
    network: { means: 'location of the network that it is linked to', taken: 'allowed' },
  },
}

/** `userdata` beside them: secret, so it is sealed, and never in a tag. */
export const USER_DATA_KEY = 'userdata'

export type Section = Readonly<Record<string, string>>
export type Sections = Readonly<Partial<Record<ProviderKind, Section>>>

/** What its owner says of providers; kept in the record. */
export interface BurstWish {
  /** It never runs at a provider. */
  readonly never?: true
  /** Regions that its data may lie in; absent: any. */
  readonly regions?: readonly string[]
  /** It may be ended at its provider and made anew on a host here once one has room: what is on its disk is lost then. */
  readonly replaceable?: true
  readonly sections?: Sections
  /** Instead of its own: base64, sealed under the record's id. */
  readonly userData?: Readonly<Partial<Record<ProviderKind, SealedText>>>
}

/** As an order brings it: user data in base64, not sealed yet. */
export type BurstOrder = Omit<BurstWish, 'userData'> & {
  readonly userData?: Readonly<Partial<Record<ProviderKind, string>>>
}

export interface WrongTemplate {
  /** Under the order's `burst`: `ec2.subnet`. */
  readonly field: string
  readonly message: string
  readonly allowed?: readonly string[]
}

const MOST_REGIONS = 20
const MOST_VALUE = 256
const MOST_TAGS = 40
/** As regions are called anywhere: `eu-west-1`, `sat-p`, `DE`. */
export const REGION = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/

/** What is wrong with it, the first thing; undefined: nothing. */
export function wrongInTemplate({
  never,
  regions,
  sections = {},
  userData = {},
}: BurstOrder): WrongTemplate | undefined {
  if (regions !== undefined && (regions.length === 0 || regions.length > MOST_REGIONS || !regions.every(isRegion)))
    return { field: 'regions', message: `1 to ${MOST_REGIONS} names of regions, as eu-west-1` }
  const kinds = [...Object.keys(sections), ...Object.keys(userData)]
  if (never && kinds.length > 0)
    return { field: kinds[0] ?? '', message: 'an order that never goes to a provider has no section for one' }
  for (const kind of kinds)
    if (!isProviderKind(kind))
      return { field: kind, message: `there are no providers of the kind ${kind}`, allowed: PROVIDER_KINDS }
  for (const [kind, section = {}] of Object.entries(sections)) {
    const wrong = wrongInSection(kind as ProviderKind, section)
    if (wrong) return wrong
  }
  return undefined
}

const isRegion = (text: string): boolean => REGION.test(text)

export const keysOf = (kind: ProviderKind): readonly string[] => Object.keys(SECTION_KEYS[kind])

function wrongInSection(kind: ProviderKind, section: Section): WrongTemplate | undefined {
  const keys = SECTION_KEYS[kind]
  for (const [name, value] of Object.entries(section)) {
    const field = `${kind}.${name}`
    const key = Object.hasOwn(keys, name) ? keys[name] : undefined
    if (key === undefined) return { field, message: `a section for ${kind} has no ${name}`, allowed: keysOf(kind) }
    const choices = CHOICES[kind]?.[name] ?? (name === 'tier' ? ['disk', 'ssd'] : undefined)
    const parts = key.many ? value.split(',') : [value]
    if (value.length > MOST_VALUE || /\p{Cc}/u.test(value) || parts.some((part) => part.trim() === ''))
      return { field, message: `a text of 1 to ${MOST_VALUE} characters, without control characters` }
    if (choices && !choices.includes(value)) return { field, message: `one of ${choices.join(', ')}`, allowed: choices }
    const wrongTag = name === 'tags' ? wrongTags(parts) : undefined
    if (wrongTag !== undefined) return { field, message: wrongTag }
  }
  return undefined
}

/** EC2: keys of up to 128 characters, `aws:` is Amazon's; ours are ours. */
function wrongTags(parts: readonly string[]): string | undefined {
  if (parts.length > MOST_TAGS) return `at most ${MOST_TAGS} tags`
  const keys = parts.map((part) => part.split('=')[0]?.trim() ?? '')
  const isWrong = (part: string, at: number): boolean =>
    !part.includes('=') || !/^.{1,128}$/.test(keys[at] ?? '') || /^(?:aws:|occi-gateway|Name$)/i.test(keys[at] ?? '')
  if (parts.some(isWrong)) return 'name=value,…; names beginning with aws: or occi-gateway, and Name, are taken'
  return new Set(keys).size === keys.length ? undefined : 'each name once'
}

/** `a=b,c=d` as pairs; what was checked before. */
export const tagsIn = (tags: string): readonly (readonly [string, string])[] =>
  tags.split(',').map((part) => {
    const [name = '', ...value] = part.split('=')
    return [name.trim(), value.join('=').trim()] as const
  })

/** One value of several, without the spaces about it. */
export const partsOf = (value: string | undefined): readonly string[] =>
  value === undefined ? [] : value.split(',').map((part) => part.trim())
