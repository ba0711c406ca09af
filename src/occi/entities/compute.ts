/** A compute record as OCCI shows it: a pure view (GFD.224 §3.1). Never: user data, keys, host names. */
import { typeTerm } from '../../model/ids'
import { type OcciState, occiActions, occiState, stateMessage } from '../../model/lifecycle'
import type { PlacementWish } from '../../model/placement'
import { type ComputeRecord, optionsOf } from '../../model/records'
import type { Operations } from '../../operations/operations'
import type { Model } from '../model'
import type { Scalar } from '../model/category'
import {
  AVAILABILITY_ZONE_SCHEME,
  BURST,
  COMPUTE,
  COMPUTE_ACTIONS,
  FEDERATION_ORDER,
  INSTANCE,
  LEASE,
  OS_TPL_SCHEME,
  PLACEMENT,
  RESOURCE_TPL_SCHEME,
  RESTARTABLE,
  toTerm,
} from '../model/names'
import { burstShown } from '../requests/burst'
import { PLACEMENT_ATTRIBUTES } from '../requests/placement'
import type { Attribute, Entity } from './entity'
import { leaseAttributes } from './lease'
import { Member, type OcciVersion } from './member'
import { membershipAttributes, membershipMixins } from './memberships'
import { interfacesOf } from './networkinterface'
import { originOf } from './origin'
import { keptWhile, ownMixins, ownMixinsWithin } from './own-mixins'
import { publicLinksOf } from './public-link'
import { groupLinksOf } from './securitygrouplink'
import { storageLinksOf } from './storagelink'

/** What a view needs beside the record. */
export interface Site {
  readonly operations: Pick<Operations, 'image' | 'mixin' | 'network'>
  readonly model: Pick<Model, 'sizes'>
}

const members = keptWhile<ComputeRecord, Member>()

/** The record's one member; kept as long as the record and the mixins of users that it names. */
export const computeMember = (site: Site, record: ComputeRecord): Member =>
  members(
    record,
    ownMixinsWithin(site, record),
    () => new Member(pathOf(record), 'resources', (version) => computeEntity(site, record, version)),
  )

const pathOf = (record: ComputeRecord): string => `/compute/${record.id}`

/** Whether it is an entity at all: once its owner wished it away, it is 404 and in no listing (pOCCI fails on 410, which GFD.185 §3.6.7 has). */
export const isThere = (record: ComputeRecord): boolean => record.wish.exists

export function computeEntity(site: Site, record: ComputeRecord, version: OcciVersion): Entity {
  const { wish } = record
  return {
    kind: COMPUTE,
    id: record.id,
    path: pathOf(record),
    title: wish.title,
    summary: wish.summary,
    mixins: mixinsOf(site, record),
    attributes: attributesOf(site, record, version),
    actions: occiActions(record).map((term) => COMPUTE_ACTIONS + term),
    links: [
      ...interfacesOf(site, record),
      ...publicLinksOf(record),
      ...storageLinksOf(site, record),
      ...groupLinksOf(record),
    ],
  }
}

function mixinsOf({ operations, model }: Site, record: ComputeRecord): readonly string[] {
  const { wish, place } = record
  const ami = operations.image(wish.image)?.wish.ami
  const zone = place.zone ?? wish.zone
  const size =
    wish.size.type === ''
      ? model.sizes.find(
          ({ gives }) =>
            gives?.what === 'sizes' && gives.cores === wish.size.cores && gives.memoryMiB === wish.size.memoryMiB,
        )?.id
      : RESOURCE_TPL_SCHEME + typeTerm(wish.size.type)
  const given = [
    ami === undefined ? undefined : OS_TPL_SCHEME + toTerm(ami),
    size,
    zone === null ? undefined : AVAILABILITY_ZONE_SCHEME + toTerm(zone),
    INSTANCE,
    optionsOf(wish).restartable ? RESTARTABLE : undefined,
    wish.placement?.own ? PLACEMENT : undefined,
    wish.burst ? BURST : undefined,
    wish.origin ? FEDERATION_ORDER : undefined,
    wish.lease ? LEASE : undefined,
    ...membershipMixins(record),
  ]
  return [...given.filter((id) => id !== undefined), ...ownMixins({ operations }, wish)]
}

function attributesOf({ operations }: Site, record: ComputeRecord, version: OcciVersion): readonly Attribute[] {
  const { wish, place } = record
  const optional = (name: string, value: Scalar | null): readonly Attribute[] =>
    value === null ? [] : [{ name, value }]
  return [
    ...optional(
      'occi.compute.architecture',
      operations.image(wish.image)?.wish.architecture === 'x86_64' ? 'x64' : null,
    ),
    { name: 'occi.compute.cores', value: wish.size.cores },
    ...optional('occi.compute.hostname', wish.hostname),
    { name: 'occi.compute.memory', value: wish.size.memoryMiB / 1024, float: true },
    ...optional('occi.compute.share', wish.share ?? null),
    { name: 'occi.compute.state', value: shownState(occiState(record), version) },
    ...optional('occi.compute.state.message', stateMessage(record)),
    { name: 'org.occi-gateway.instance.name', value: wish.name },
    ...optional('org.occi-gateway.instance.simulated', place.host === null ? null : place.simulated),
    ...Object.entries(PLACEMENT_ATTRIBUTES).flatMap(([part, name]) =>
      optional(name, wish.placement?.own?.[part as keyof PlacementWish] ?? null),
    ),
    ...burstShown(wish.burst),
    ...originOf(record),
    ...leaseAttributes(record),
    ...membershipAttributes(record),
  ]
}

/** The 1.1 model has active, inactive and suspended only; the message says what is wrong. */
const shownState = (state: OcciState, version: OcciVersion): OcciState =>
  version === '1.1' && state === 'error' ? 'inactive' : state
