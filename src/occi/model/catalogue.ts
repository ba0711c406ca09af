/** What one caller is offered: the announced model, a template for each image, size and zone (GFD.224 §3.5, §3.6), and their own mixins. */
import type { HostRecord, ImageRecord, MixinRecord, NetworkRecord, TypeRecord } from '../../model/records'
import type { Caller } from '../../operations/context'
import type { Operations, Zone } from '../../operations/operations'
import { attributeDefinition } from './attribute-definition'
import type { ActionCategory, AttributeDefinition, Category, KindCategory, MixinCategory } from './category'
import { FOR_PARTNERS, type Model } from './index'
import {
  AVAILABILITY_ZONE,
  AVAILABILITY_ZONE_SCHEME,
  COMPUTE,
  FLOATINGIPPOOL,
  FLOATINGIPPOOL_SCHEME,
  IPRESERVATION,
  OS_TPL,
  OS_TPL_SCHEME,
  RESOURCE_TPL,
  RESOURCE_TPL_SCHEME,
  toTerm,
  toTitle,
} from './names'
import { ofOffer } from './offer'

export interface Catalogue {
  readonly kinds: readonly KindCategory[]
  readonly mixins: readonly MixinCategory[]
  readonly actions: readonly ActionCategory[]
  find(id: string): Category | undefined
  /** The kind or mixin whose collection lies at this path. */
  at(location: string): KindCategory | MixinCategory | undefined
  /** Those whose collections lie at or below this path. */
  below(path: string): readonly (KindCategory | MixinCategory)[]
}

export type Offers = Pick<
  Operations,
  | 'listImages'
  | 'listTypes'
  | 'listZones'
  | 'listMixins'
  | 'defaults'
  | 'publicNetworks'
  | 'providerPools'
  | 'listPartnerOffers'
>

/** Usable defaults come first: several clients take the first os_tpl and resource_tpl as their choice. */
export async function openCatalogue(model: Model, operations: Offers, caller: Caller): Promise<Catalogue> {
  const [images, types, zones, own, partners] = await Promise.all([
    operations.listImages(caller),
    operations.listTypes(caller),
    operations.listZones(caller),
    operations.listMixins(caller),
    operations.listPartnerOffers(caller),
  ])
  const { image, type } = operations.defaults()
  const usable = images.filter(({ wish, seen }) => wish.exists && seen.state === 'available')
  return catalogueOf(model, [
    ...first(usable, (one) => one.id === image?.id).map(imageTemplate),
    ...first(types, (one) => one.id === type?.id).map(ofType),
    ...model.sizes,
    ...zones.filter((zone) => zone.enabled).map(ofZone),
    ...operations.publicNetworks().map(ofPool),
    ...firstOfZones(operations).map(ofProvider),
    ...own.map(ofOwn),
    ...(partners === null ? [] : [...forPartners(model), ...partners.map(ofOffer)]),
  ])
}

/** What a partner's gateway says and is told beside. */
const forPartners = ({ find }: Model): readonly MixinCategory[] =>
  FOR_PARTNERS.flatMap((id) => {
    const found = find(id)
    return found?.class === 'mixin' ? [found] : []
  })

/** The announced model with these templates behind its own mixins. */
export function catalogueOf(model: Model, templates: readonly MixinCategory[]): Catalogue {
  const { kinds, actions } = model.announced
  const mixins = [...model.announced.mixins, ...templates]
  const byId = new Map<string, Category>([...kinds, ...mixins, ...actions].map((one) => [one.id, one]))
  const byLocation = new Map<string, KindCategory | MixinCategory>(
    [...kinds, ...mixins].flatMap((one) => (one.location === null ? [] : [[one.location, one] as const])),
  )
  return {
    kinds,
    mixins,
    actions,
    find: (id) => byId.get(id),
    at: (location) => byLocation.get(location),
    below: (path) => [...byLocation].filter(([location]) => location.startsWith(path)).map(([, category]) => category),
  }
}

const first = <T>(all: readonly T[], chosen: (one: T) => boolean): readonly T[] => [
  ...all.filter(chosen),
  ...all.filter((one) => !chosen(one)),
]

/** Records are immutable, so each has one mixin for life. */
function remember<K extends object>(make: (record: K) => MixinCategory): (record: K) => MixinCategory {
  const made = new WeakMap<K, MixinCategory>()
  return (record) => {
    const known = made.get(record) ?? make(record)
    made.set(record, known)
    return known
  }
}

const template = (
  of: string,
  scheme: string,
  name: string,
  more: Pick<MixinCategory, 'title' | 'gives'> & { readonly attributes?: readonly AttributeDefinition[] },
): MixinCategory => ({
  class: 'mixin',
  id: scheme + toTerm(name),
  term: toTerm(name),
  scheme,
  title: more.title,
  depends: [of],
  applies: [COMPUTE],
  attributes: new Map((more.attributes ?? []).map((one) => [one.name, one])),
  actions: [],
  location: `/mixin/${of.slice(of.indexOf('#') + 1)}/${toTerm(name)}/`,
  gives: more.gives,
  own: null,
})

/** The template that an image is. */
export const imageTemplate = remember((image: ImageRecord) =>
  template(OS_TPL, OS_TPL_SCHEME, image.wish.ami, {
    title: toTitle(image.wish.title || image.wish.name),
    gives: { what: 'image', id: image.id },
  }),
)

const ofType = remember(({ wish }: TypeRecord) =>
  template(RESOURCE_TPL, RESOURCE_TPL_SCHEME, wish.name, {
    title: toTitle(wish.title || wish.name),
    gives: { what: 'type', name: wish.name },
    attributes: [
      attributeDefinition('occi.compute.cores', {
        ...fixed(wish.size.cores, 'Virtual cores'),
        pattern: { type: 'integer' },
      }),
      attributeDefinition('occi.compute.memory', fixed(wish.size.memoryMiB / 1024, 'Memory in GiB')),
    ],
  }),
)

const fixed = (value: number, description: string) =>
  ({ type: 'number', mutable: false, required: false, default: value, description }) as const

const ofZone = ({ name }: Zone): MixinCategory =>
  template(AVAILABILITY_ZONE, AVAILABILITY_ZONE_SCHEME, name, {
    title: toTitle(name),
    gives: { what: 'zone', name },
  })

/** A pool of public addresses: only reservations are made of it. */
const ofPool = remember(
  ({ id, wish }: NetworkRecord): MixinCategory => ({
    ...template(FLOATINGIPPOOL, FLOATINGIPPOOL_SCHEME, wish.name, {
      title: toTitle(wish.title || wish.name),
      gives: { what: 'pool', id },
    }),
    applies: [IPRESERVATION],
  }),
)

/** The zone is its provider's: reservations of it lead to computes there. */
const ofProvider = remember(
  ({ id, wish }: HostRecord): MixinCategory => ({
    ...template(FLOATINGIPPOOL, FLOATINGIPPOOL_SCHEME, wish.zone, {
      title: toTitle(wish.zone),
      gives: { what: 'pool', id },
    }),
    applies: [IPRESERVATION],
  }),
)

/** A term is one pool's: of two providers in a zone the first, and none where a public network has the name. */
function firstOfZones({ publicNetworks, providerPools }: Pick<Offers, 'publicNetworks' | 'providerPools'>) {
  const taken = new Set(publicNetworks().map(({ wish }) => toTerm(wish.name)))
  return providerPools().filter(({ wish }) => {
    const term = toTerm(wish.zone)
    return !taken.has(term) && taken.add(term)
  })
}

const ofOwn = remember(
  ({ id, wish }: MixinRecord): MixinCategory => ({
    class: 'mixin',
    id: wish.scheme + wish.term,
    term: wish.term,
    scheme: wish.scheme,
    title: wish.title,
    depends: wish.depends,
    applies: wish.applies,
    attributes: new Map(),
    actions: [],
    location: wish.location,
    gives: null,
    own: id,
  }),
)
