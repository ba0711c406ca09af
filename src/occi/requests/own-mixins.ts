/** Mixins that a user describes to make or delete them, on the query interface (GFD.223 §5.5.1). */
import { fault } from '../../faults'
import type { MixinWish } from '../../model/records'
import type { Catalogue } from '../model/catalogue'
import type { MixinCategory } from '../model/category'
import { toTitle } from '../model/names'
import { ELSEWHERE, isOfTheSite } from '../model/operators-mixin'
import { at, type CategoryInput, type Document, detailOf } from '../parse'
import { locationPath } from '../path'

type Order = Omit<MixinWish, 'createdAt'>

export interface Ground {
  readonly catalogue: Catalogue
  readonly base: string
}

/** Kept by the standard for itself, and by us. */
const RESERVED = ['http://schemas.ogf.org/occi/', 'http://occi-gateway.org/occi/']
const SCHEME = /^[a-z][a-z0-9+.-]*:[^\s"'<>\\^`{|};,#\p{C}]+#$/iu
const TERM = /^[A-Za-z0-9][A-Za-z0-9_.-]*$/
const REL = /^[^\s"'<>\\;,\p{C}]+$/u
const LOCATION = /^(?:\/[A-Za-z0-9_.~@+=-]+)+\/$/

const isUsers = ({ own }: MixinCategory): boolean => own !== null && !isOfTheSite(own)

/** Throws 'missing', 'invalid', 'combination', 'forbidden' (a reserved scheme), 'exists' (a location that is in use), 'unsupported'. */
export function mixinOrders(document: Document, ground: Ground): readonly Order[] {
  refuseRest(document)
  return document.categories.map((input) => order(input, ground))
}

/** Type identifiers of those to delete. Throws 'forbidden' for the provider's, 'missing' for none. */
export function mixinsToRemove(document: Document, { catalogue }: Ground): readonly string[] {
  refuseRest(document)
  for (const input of document.categories) {
    const known = catalogue.find(input.id)
    if (known !== undefined && !(known.class === 'mixin' && isUsers(known)))
      throw fault('forbidden', `${input.id} is the provider's and stays`, detailOf(input.where))
  }
  return document.categories.map(({ id }) => id)
}

function refuseRest({ categories, attributes, links, locations, entities }: Document): void {
  if (attributes.length + links.length + locations.length + (entities?.length ?? 0) > 0)
    throw fault('combination', 'the query interface takes mixins, no entities')
  if (categories.length === 0) throw fault('missing', 'the request names no mixin', { field: 'Category' })
}

function order(input: CategoryInput, ground: Ground): Order {
  const hash = input.id.indexOf('#') + 1
  const [scheme, term] = [input.id.slice(0, hash), input.id.slice(hash)]
  const where = detailOf(input.where)
  if (input.class !== null && input.class !== 'mixin')
    throw fault('forbidden', `only mixins can be made here, no ${input.class}${at(input.where)}`, where)
  if (!SCHEME.test(scheme) || !TERM.test(term))
    throw fault('invalid', `${input.id} is no type identifier of a mixin: a URI that ends in # and a term`, where)
  if (RESERVED.some((reserved) => scheme.startsWith(reserved)) || isTheProviders(scheme, ground))
    throw fault('forbidden', `the scheme ${scheme} is reserved: use one of your own`, where)
  const { title, location, depends = [], applies = [], defines = [] } = input.told ?? {}
  if (defines.length > 0)
    throw fault('unsupported', `a mixin of a user's own has no attributes and no actions: ${defines.join(' ')}`, where)
  refuseStrange(input, depends, applies, ground)
  if (location === undefined) throw fault('missing', `the mixin ${input.id} needs a location`, where)
  return {
    scheme,
    term,
    title: title === undefined ? null : toTitle(title) || null,
    depends,
    applies,
    location: freeLocation(location, input, ground),
  }
}

const isTheProviders = (scheme: string, { catalogue }: Ground): boolean =>
  [...catalogue.kinds, ...catalogue.actions, ...catalogue.mixins.filter((one) => !isUsers(one))].some(
    (one) => one.scheme === scheme,
  )

/** What it relates to is kept as given, known or not; where it may be put must be known. */
function refuseStrange(
  { id, where }: CategoryInput,
  depends: readonly string[],
  applies: readonly string[],
  { catalogue }: Ground,
): void {
  const odd =
    depends.find((one) => !REL.test(one) || one.length > 512) ?? (depends.length > 16 ? 'a long list' : undefined)
  if (odd !== undefined) throw fault('invalid', `${id} cannot depend on ${odd.slice(0, 100)}`, detailOf(where))
  const unknown = applies.find((one) => catalogue.find(one)?.class !== 'kind')
  if (unknown !== undefined) throw fault('unknown-field', `there is no kind ${unknown} here`, detailOf(where))
}

/** Its path; 'exists' where something lies: a collection, an entity, or what is between the provider's. */
function freeLocation(location: string, { where }: CategoryInput, { catalogue, base }: Ground): string {
  const path = locationPath(location, base)
  const folder = path.endsWith('/') ? path : `${path}/`
  if (!LOCATION.test(folder))
    throw fault(
      'invalid',
      `the location ${folder.slice(0, 100)} is no path of a collection${at(where)}`,
      detailOf(where),
    )
  const providers = [...catalogue.kinds, ...catalogue.mixins.filter((one) => !isUsers(one))]
  const taken = providers.some(
    ({ location: there }) => there !== null && (there.startsWith(folder) || folder.startsWith(there)),
  )
  if (taken || ELSEWHERE.test(folder))
    throw fault('exists', `the location ${folder} is in use${at(where)}`, detailOf(where))
  return folder
}
