/**
 * The OCCI model of this server: categories from occi-schemas/ and an operator's folder.
 *
 * The files describe all of the standard that we read; only what the server really does is announced. `find` knows all of
 * them, so that a kind that is known but not served is answered 501, and one that nobody knows 404.
 */
import { buildCategories, type Categories } from './build'
import type { AttributeDefinition, Category, KindCategory, MixinCategory } from './category'
import {
  COMPUTE_ACTIONS,
  ENTITY,
  ENTITY_KINDS,
  FEDERATION_OFFER,
  FEDERATION_ORDER,
  IPRESERVATION_ACTIONS,
  LINK,
  NETWORK_ACTIONS,
  RESOURCE,
  STORAGE_ACTIONS,
} from './names'
import { operatorsMixin } from './operators-mixin'
import { badFile, ownFolder, readCategoryFiles } from './read-files'

export interface Model {
  /** What is announced, in the order of the query interface (pOCCI and others take the first that fits). */
  readonly announced: Categories
  /** Everything known, announced or not. */
  find(id: string): Category | undefined
  /** The definition of an attribute, whichever category has it. */
  attribute(name: string): AttributeDefinition | undefined
  /** Sizes of the operator's own. */
  readonly sizes: readonly MixinCategory[]
  /** Tags of the operator's own; `own` is their name in records. */
  readonly tags: readonly MixinCategory[]
}

/** Kinds that the server does, in order of announcement; the core ones first. */
const SERVED_KINDS = [ENTITY, RESOURCE, LINK, ...ENTITY_KINDS]
const SERVED_ACTIONS = [
  ...['start', 'stop', 'restart', 'suspend', 'save'].map((term) => COMPUTE_ACTIONS + term),
  ...['up', 'down'].map((term) => NETWORK_ACTIONS + term),
  ...['up', 'down'].map((term) => IPRESERVATION_ACTIONS + term),
  ...['online', 'offline', 'backup', 'snapshot', 'resize'].map((term) => STORAGE_ACTIONS + term),
]

/** What means something to the gateways of partners only is announced to nobody else: text/occi has little room. */
export const FOR_PARTNERS: readonly string[] = [FEDERATION_ORDER, FEDERATION_OFFER]

/** Reads and checks the model; throws 'invalid' with file, key and reason. `more`: an operator's folder of templates. */
export function openModel(options: { readonly more?: string } = {}): Model {
  const own = readCategoryFiles(ownFolder())
  const more = options.more === undefined ? undefined : readCategoryFiles(options.more)
  const all = buildCategories({
    kinds: [...own.kinds, ...(more?.kinds ?? [])],
    mixins: [...own.mixins, ...(more?.mixins ?? [])],
    actions: [...own.actions, ...(more?.actions ?? [])],
  })
  for (const { file, key } of [...(more?.kinds ?? []), ...(more?.actions ?? [])])
    throw badFile(file, key, 'only mixins can be added: nothing would serve it')
  const operators = (more?.mixins ?? []).flatMap((found) => {
    const built = all.mixins.find(({ id }) => id === found.raw.scheme + found.raw.term)
    return built === undefined ? [] : [operatorsMixin(built, found)]
  })
  const sizes = operators.filter(({ gives }) => gives !== null)
  const tags = operators.filter(({ own: named }) => named !== null)
  const byId = new Map<string, Category>([...all.kinds, ...all.mixins, ...all.actions].map((one) => [one.id, one]))
  const attributes = new Map(
    [...all.mixins, ...all.kinds].flatMap((one) => [...one.attributes] as readonly [string, AttributeDefinition][]),
  )
  return {
    announced: announced(all, sizes, tags),
    find: (id) => byId.get(id),
    attribute: (name) => attributes.get(name),
    sizes,
    tags,
  }
}

function announced(all: Categories, sizes: readonly MixinCategory[], tags: readonly MixinCategory[]): Categories {
  const kinds = SERVED_KINDS.flatMap((id): readonly KindCategory[] => {
    const kind = all.kinds.find((one) => one.id === id)
    return kind === undefined
      ? []
      : [{ ...kind, actions: kind.actions.filter((action) => SERVED_ACTIONS.includes(action)) }]
  })
  const served = ({ id, applies }: MixinCategory): boolean =>
    !FOR_PARTNERS.includes(id) &&
    applies.every((kind) => SERVED_KINDS.includes(kind)) &&
    ![...sizes, ...tags].some((one) => one.id === id)
  return {
    kinds,
    mixins: [...all.mixins.filter(served), ...tags],
    actions: SERVED_ACTIONS.flatMap((id) => all.actions.filter((action) => action.id === id)),
  }
}
