/** What a request says of a network, held against its kind and the mixin of its range (GFD.224 §3.2). */
import { fault } from '../../faults'
import type { NetworkRecord } from '../../model/records'
import type { ChangeNetworkOrder, CreateNetworkOrder } from '../../operations/networks/operations'
import type { Entity } from '../entities/entity'
import type { Model } from '../model'
import type { Catalogue } from '../model/catalogue'
import { IPNETWORK, NETWORK, SUBNET } from '../model/names'
import type { Document } from '../parse'
import { namedCategories, refuseMisapplied, refuseOtherKind } from './categories'
import { entityValues, textIn, type Values } from './entity-values'
import { kindWith } from './kind-with'
import { withoutActions } from './links'

/** Fields of an order, as OCCI calls them. */
export const NETWORK_FIELDS: Readonly<Record<string, string>> = {
  title: 'occi.core.title',
  summary: 'occi.core.summary',
  label: 'occi.network.label',
  vlan: 'occi.network.vlan',
  cidr: 'occi.network.address',
  gateway: 'occi.network.gateway',
  allocation: 'occi.network.allocation',
}

/**
 * `whole`: it must name its kind. Throws what `entityValues` does, 'combination' or 'immutable' for another kind, 'forbidden' and
 * 'unsupported' for mixins, 'unsupported' for links.
 */
export function networkValues(
  document: Document,
  { model, catalogue }: { readonly model: Model; readonly catalogue: Catalogue },
  present: Entity | undefined,
  how: 'whole' | 'partial',
): Values {
  const named = namedCategories(document.categories, model, catalogue)
  refuseOtherKind(named, NETWORK, { how, is: present === undefined ? 'new' : 'there' })
  refuseMisapplied(named.mixins, NETWORK)
  const strange = named.mixins.find(({ id }) => id !== IPNETWORK && id !== SUBNET)
  if (strange) throw fault('unsupported', `${strange.id} cannot be put on a network here`, { field: strange.id })
  if (withoutActions(document.links, model).length > 0)
    throw fault('unsupported', 'a network starts no links: a link begins at its compute', { field: 'Link' })
  return entityValues(document.attributes, kindWith(model, NETWORK, IPNETWORK, SUBNET), present)
}

/** The order that these values mean. */
export function networkOrder(values: Values): CreateNetworkOrder {
  const vlan = values.get('occi.network.vlan')
  const texts = (['title', 'summary', 'label', 'cidr', 'gateway'] as const).flatMap((field) => {
    const value = textIn(values, NETWORK_FIELDS[field] ?? '')
    return value === undefined ? [] : [[field, value]]
  })
  return {
    ...Object.fromEntries(texts),
    ...(typeof vlan === 'number' ? { vlan } : {}),
    ...(allocationIn(values) === 'static' ? { allocation: 'static' as const } : {}),
  }
}

const allocationIn = (values: Values): 'static' | 'dynamic' | undefined => {
  const value = values.get('occi.network.allocation')
  return value === 'static' || value === 'dynamic' ? value : undefined
}

/**
 * What differs. A whole description without a text takes it away; the range and the VLAN stay when nothing is said of them. Throws
 * 'conflict' for another VLAN.
 */
export function networkChange(
  { wish, project }: NetworkRecord,
  values: Values,
  how: 'whole' | 'partial',
): Omit<ChangeNetworkOrder, 'network'> {
  const vlan = values.get('occi.network.vlan')
  if (vlan !== undefined && vlan !== wish.vlan)
    throw fault('conflict', 'the VLAN of a network is not changed: make another network', {
      field: 'occi.network.vlan',
    })
  const before = { title: wish.title || (project === null ? wish.name : ''), summary: wish.summary, label: wish.label }
  const texts = (['title', 'summary', 'label'] as const).flatMap((field) => {
    const isSaid = how === 'whole' || values.has(NETWORK_FIELDS[field] ?? '')
    const value = textIn(values, NETWORK_FIELDS[field] ?? '') ?? null
    return isSaid && value !== (before[field] || null) ? [[field, value]] : []
  })
  const cidr = textIn(values, 'occi.network.address')
  const gateway = textIn(values, 'occi.network.gateway') ?? null
  const allocation = allocationIn(values)
  return {
    ...Object.fromEntries(texts),
    ...(cidr === undefined || cidr === wish.cidr ? {} : { cidr }),
    ...(values.has('occi.network.gateway') && gateway !== (wish.gateway || null) ? { gateway } : {}),
    ...(allocation === undefined || allocation === (wish.allocation ?? 'dynamic') ? {} : { allocation }),
  }
}
