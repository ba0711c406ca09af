/** What can be done with `/ipreservation/` and `/ipreservation/<id>`: leasing public addresses and giving them back. */
import { fault } from '../../faults'
import { type AddressId, isUuid } from '../../model/ids'
import { ipOf } from '../../model/provider-addresses'
import type { AddressView, AllocateOrder } from '../../operations/addresses/operations'
import type { Part } from '../../operations/together/operations'
import { addressEntity, addressMember } from '../entities/ipreservation'
import type { Answer, Exchange, Front } from '../exchange'
import type { Catalogue } from '../model/catalogue'
import type { KindCategory, MixinCategory } from '../model/category'
import { FLOATINGIPPOOL, IPRESERVATION, IPRESERVATION_ACTIONS } from '../model/names'
import { negotiate } from '../negotiation'
import type { Document } from '../parse'
import { namedCategories, refuseMisapplied, refuseOtherKind } from '../requests/categories'
import { describesOne } from '../requests/describes-one'
import { entityValues, textIn, type Values } from '../requests/entity-values'
import { inOcciFields } from '../requests/in-occi-fields'
import { withoutActions } from '../requests/links'
import { servedAction } from '../requests/served-action'
import { actOnEach, atPath } from './at-path'
import { createEach } from './create-each'
import { nothingAt } from './nothing'

const ADDRESS = 'occi.ipreservation.address'
const FIELDS: Readonly<Record<string, string>> = {
  ip: ADDRESS,
  title: 'occi.core.title',
  summary: 'occi.core.summary',
}

/** The caller's, in order of creation. */
export const liveAddresses = (
  { operations }: Front,
  { caller }: Pick<Exchange, 'caller'>,
): Promise<readonly AddressView[]> => operations.listAddresses(caller)

/** Throws 'not-found', also for what another project has. */
export async function liveAddress(
  { operations }: Front,
  { caller, path }: Pick<Exchange, 'caller' | 'path'>,
  id: string,
): Promise<AddressView> {
  if (!isUuid(id)) throw nothingAt(path)
  return operations.getAddress(caller, id as AddressId)
}

interface Described {
  readonly values: Values
  readonly pools: readonly MixinCategory[]
}

function described(
  { model }: Front,
  document: Document,
  catalogue: Catalogue,
  present: AddressView | undefined,
  how: 'whole' | 'partial',
): Described {
  const shown = new Set(present && addressEntity(present).mixins)
  const named = namedCategories(
    document.categories.filter(({ id }) => !shown.has(id)),
    model,
    catalogue,
  )
  refuseOtherKind(named, IPRESERVATION, { how, is: present === undefined ? 'new' : 'there' })
  refuseMisapplied(named.mixins, IPRESERVATION)
  const pools = named.mixins.filter(({ gives }) => gives?.what === 'pool')
  const strange = named.mixins.find((one) => !pools.includes(one) && one.id !== FLOATINGIPPOOL)
  if (strange) throw fault('unsupported', `${strange.id} cannot be put on a reservation here`, { field: strange.id })
  if (pools.length > 1)
    throw fault('combination', `only one of ${pools.map(({ id }) => id).join(' and ')} can be chosen`, {
      field: 'mixins',
    })
  if (withoutActions(document.links, model).length > 0)
    throw fault('unsupported', 'a reservation starts no links: a link begins at its compute', { field: 'Link' })
  const kind = model.find(IPRESERVATION) as KindCategory
  return { values: entityValues(document.attributes, kind, present && addressEntity(present)), pools }
}

/** 201 with Location. Of the pool that is named, else of the first that has an address left. */
export const createAddress = (front: Front, exchange: Exchange, catalogue: Catalogue, id?: string): Promise<Answer> =>
  createEach<'allocate'>(front, exchange, {
    folder: '/ipreservation/',
    at: id === undefined ? 'collection' : 'path',
    fields: FIELDS,
    order: (document) => ({
      do: 'allocate',
      order: {
        ...allocateOrder(described(front, document, catalogue, undefined, 'whole')),
        ...(id === undefined ? {} : { id: id as AddressId }),
      },
    }),
    member: addressMember,
  })

function allocateOrder({ values, pools }: Described): AllocateOrder {
  const gives = pools[0]?.gives
  const texts = {
    ip: textIn(values, ADDRESS),
    title: textIn(values, FIELDS.title ?? ''),
    summary: textIn(values, FIELDS.summary ?? ''),
  }
  return {
    ...Object.fromEntries(Object.entries(texts).filter(([, value]) => value !== undefined)),
    ...(gives?.what === 'pool' ? { pool: gives.id } : {}),
  }
}

/** Up or down, all or none. Throws 'state' for one that has that level already. */
function act(front: Front, exchange: Exchange, views: readonly AddressView[]): Promise<readonly AddressView[]> {
  negotiate(exchange.accept, 'other')
  const actions = { what: 'a reservation', scheme: IPRESERVATION_ACTIONS }
  const { term } = servedAction(exchange.action ?? '', exchange.document(), front.model, actions)
  const parts = views.map(({ record }): Part<'level'> => {
    return { do: 'level', order: { address: record.id, up: term === 'up' } }
  })
  return front.operations.together(exchange.caller, parts)
}

/** Texts; the address and its pool stay. */
async function update(
  front: Front,
  exchange: Exchange,
  catalogue: Catalogue,
  view: AddressView,
  how: 'whole' | 'partial',
): Promise<AddressView> {
  const { values, pools } = described(front, describesOne(exchange.document()), catalogue, view, how)
  const ip = textIn(values, ADDRESS)
  if ((ip !== undefined && ip !== ipOf(view.record)) || pools.length > 0)
    throw fault('conflict', 'the address of a reservation and its pool are not changed: make another one', {
      field: ADDRESS,
    })
  const texts = (['title', 'summary'] as const).flatMap((field) => {
    const name = FIELDS[field] ?? ''
    const value = textIn(values, name) ?? null
    const isSaid = how === 'whole' || values.has(name)
    return isSaid && value !== view.record.wish[field] ? [[field, value]] : []
  })
  if (texts.length === 0) return view
  const order = { address: view.record.id, ...Object.fromEntries(texts) }
  return inOcciFields(FIELDS, () => front.operations.changeAddress(exchange.caller, order))
}

/** What gives them back. Throws 'in-use' (409) naming the machine. */
export const addressesGoing = (views: readonly AddressView[]): readonly Part<'release'>[] =>
  views.map(({ record }) => ({ do: 'release', order: record.id }))

const KIND = {
  what: 'a reservation',
  live: liveAddress,
  member: (_front: Front, view: AddressView) => addressMember(view),
  create: createAddress,
  update,
  going: (_front: Front, view: AddressView) => addressesGoing([view]),
  act,
}

export const atAddress = atPath<AddressView>(KIND)

export const actOnAddresses = actOnEach<AddressView>(KIND)
