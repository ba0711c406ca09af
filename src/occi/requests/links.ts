/** The links in a compute's description (GFD.223 §5.5.6): what it is to be linked to, at creation or afterwards. */
import { fault } from '../../faults'
import type { AddressId, MixinId, SecurityGroupId, StorageId } from '../../model/ids'
import type { InterfaceAsked } from '../../operations/interfaces/operations'
import type { AttachOrder } from '../../operations/storage/operations'
import type { Model } from '../model'
import type { Catalogue } from '../model/catalogue'
import type { KindCategory } from '../model/category'
import { NETWORKINTERFACE, SECURITYGROUPLINK, STORAGELINK } from '../model/names'
import { at, detailOf, type LinkInput } from '../parse'
import { idAt, locationPath } from '../path'
import { refuseMisapplied } from './categories'
import { entityValues, textIn } from './entity-values'
import { interfaceAsked, interfaceValues } from './interface-values'
import { ownOf } from './own-of'

/** What a description is held against. */
export interface Ground {
  readonly model: Model
  readonly catalogue: Catalogue
  /** Where the caller's URLs begin. */
  readonly base: string
}

export interface LinksAsked {
  /** In the order in which they are named. */
  readonly interfaces: readonly InterfaceAsked[]
  readonly attach: readonly Omit<AttachOrder, 'compute' | 'dryRun'>[]
  readonly addresses: readonly AddressId[]
  readonly groups: readonly SecurityGroupId[]
}

/**
 * By the link's category, or without one by where its target is; references to actions ask for nothing. Throws 'unknown-field', 'unsupported', 'forbidden' (a mixin), 'not-found'.
 */
export function linksIn(links: readonly LinkInput[], ground: Ground): LinksAsked {
  const meant = withoutActions(links, ground.model)
  const isTo = (link: LinkInput, folder: string) => locationPath(link.target, ground.base).startsWith(folder)
  const isOf = (link: LinkInput, kind: string, folder: string) =>
    link.category.length === 0 ? isTo(link, folder) : link.category.includes(kind)
  const attached = meant.filter((link) => isOf(link, STORAGELINK, '/storage/'))
  const groups = meant.filter((link) => isOf(link, SECURITYGROUPLINK, '/securitygroup/'))
  const others = meant.filter((link) => !attached.includes(link) && !groups.includes(link))
  const addresses = others.filter((link) => isTo(link, '/ipreservation/'))
  for (const link of others) refuseStrange(link, ground)
  return {
    interfaces: others.filter((link) => !addresses.includes(link)).map((link) => interfaceOf(link, ground)),
    attach: attached.map((link) => attachmentOf(link, ground)),
    addresses: addresses.map(({ target }) => idAt(target, ground.base, '/ipreservation/') as AddressId),
    groups: groups.map(({ target }) => idAt(target, ground.base, '/securitygroup/') as SecurityGroupId),
  }
}

/** Without references to actions: who sends back what it read sends them along. */
export const withoutActions = (links: readonly LinkInput[], model: Pick<Model, 'find'>): readonly LinkInput[] =>
  links.filter(({ rel }) => !rel.some((id) => model.find(id)?.class === 'action'))

function attachmentOf(link: LinkInput, ground: Ground): LinksAsked['attach'][number] {
  const values = entityValues(link.attributes, ground.model.find(STORAGELINK) as KindCategory)
  const device = textIn(values, 'occi.storagelink.deviceid')
  const mountpoint = textIn(values, 'occi.storagelink.mountpoint')
  const mixins = ownMixinsOf(link, STORAGELINK, ground)
  return {
    storage: idAt(link.target, ground.base, '/storage/') as StorageId,
    ...(device === undefined ? {} : { device }),
    ...(mountpoint === undefined ? {} : { mountpoint }),
    ...(mixins.length === 0 ? {} : { mixins }),
  }
}

function interfaceOf(link: LinkInput, ground: Ground): InterfaceAsked {
  const { target, attributes, where } = link
  const mixins = ownMixinsOf(link, NETWORKINTERFACE, ground)
  const path = locationPath(target, ground.base)
  if (!path.startsWith('/network/'))
    throw fault('unsupported', `a compute cannot be linked to ${path} here${at(where)}`, detailOf(where))
  const values = interfaceValues(attributes, ground.model)
  try {
    return interfaceAsked(values, target, ground.base, mixins)
  } catch {
    throw fault(
      'not-found',
      `there is no network at ${path} that a compute can be linked to${at(where)}`,
      detailOf(where),
    )
  }
}

/** Throws 'forbidden' for one that may not be put on such a link. */
function ownMixinsOf({ category }: LinkInput, kind: string, { catalogue }: Ground): readonly MixinId[] {
  const mixins = category.map((id) => catalogue.find(id)).filter((one) => one?.class === 'mixin')
  refuseMisapplied(mixins, kind)
  return ownOf(mixins)
}

/** Throws 'unknown-field', 'unsupported'. */
function refuseStrange({ category, where }: LinkInput, { model, catalogue }: Ground): void {
  const strange = category.find((id) => catalogue.find(id) === undefined && model.find(id) === undefined)
  if (strange !== undefined)
    throw fault('unknown-field', `there is no category ${strange} here${at(where)}`, detailOf(where))
  if (category.length > 0 && !category.includes(NETWORKINTERFACE))
    throw fault('unsupported', `a link of the kind ${category[0]} cannot be made here${at(where)}`, detailOf(where))
}
