/** The collection of a mixin that a user made: what is put on it and taken off (GFD.223 §5.5.3). Never deletes an entity. */
import { fault } from '../../faults'
import type { ComputeRecord } from '../../model/records'
import { volumesOf } from '../../model/storage'
import type { MixinMember } from '../../operations/operations'
import type { StorageView } from '../../operations/storage/operations'
import { computeMember } from '../entities/compute'
import type { Member } from '../entities/member'
import { interfaceMembers } from '../entities/networkinterface'
import { storageMember } from '../entities/storage'
import { storageLinkMembers } from '../entities/storagelink'
import { type Answer, answer, answerWithAll, type Exchange, type Front } from '../exchange'
import type { Catalogue } from '../model/catalogue'
import type { MixinCategory } from '../model/category'
import { negotiate } from '../negotiation'
import type { Document } from '../parse'
import { locationPath } from '../path'
import { filterOf, isEmpty, keeps } from '../requests/filter'
import { namedPaths } from '../requests/members-named'
import { deleted } from './deleted'
import { allMembers, liveComputes, withMixin } from './members'
import { liveStorages } from './storage'

type OwnMixin = MixinCategory & { readonly own: NonNullable<MixinCategory['own']> }

export const isOwn = (mixin: MixinCategory): mixin is OwnMixin => mixin.own !== null

/** POST: these too. PUT: exactly these. The collection as it is then; a client of 1.1 gets nothing to read. */
export async function associate(
  front: Front,
  exchange: Exchange,
  catalogue: Catalogue,
  mixin: OwnMixin,
  how: 'add' | 'exactly',
): Promise<Answer> {
  negotiate(exchange.accept, 'listing')
  const document = exchange.document()
  const paths = pathsIn(document, mixin, catalogue, exchange)
  if (how === 'add' && paths.length === 0)
    throw fault('missing', 'the request names no entity', { field: 'X-OCCI-Location' })
  const members = await membersAt(front, exchange, paths, mixin)
  await front.operations.associateMixin(exchange.caller, { mixin: mixin.own, how, members })
  const shown = withMixin(await allMembers(front, exchange), mixin, catalogue, exchange)
  return exchange.audience.version === '1.1'
    ? answer(exchange, 'listing', (rendering) => rendering.acted([], exchange.audience))
    : answerWithAll(exchange, shown)
}

/** DELETE: these not; without a body, all not, or those that the query's filter keeps. */
export async function dissociate(
  front: Front,
  exchange: Exchange,
  catalogue: Catalogue,
  mixin: OwnMixin,
): Promise<Answer> {
  const answered = deleted(exchange)
  const named = pathsIn(exchange.document(), mixin, catalogue, exchange)
  const filter = filterOf([], exchange.query)
  const paths = named.length === 0 && !isEmpty(filter) ? await chosenPaths(front, exchange, catalogue, mixin) : named
  if (named.length === 0 && isEmpty(filter))
    await front.operations.associateMixin(exchange.caller, { mixin: mixin.own, how: 'exactly', members: [] })
  else {
    const members = await membersAt(front, exchange, paths, mixin)
    await front.operations.associateMixin(exchange.caller, { mixin: mixin.own, how: 'remove', members })
  }
  return answered
}

/** Members that pass the filter of the query. */
async function chosenPaths(
  front: Front,
  exchange: Exchange,
  catalogue: Catalogue,
  mixin: OwnMixin,
): Promise<readonly string[]> {
  const filter = filterOf([], exchange.query)
  const members = withMixin(await allMembers(front, exchange), mixin, catalogue, exchange)
  return members.filter((one) => keeps(filter, one.entity(exchange.audience.version))).map(({ path }) => path)
}

function pathsIn(
  document: Document,
  mixin: OwnMixin,
  catalogue: Catalogue,
  { audience }: Pick<Exchange, 'audience'>,
): readonly string[] {
  return namedPaths(document, mixin, catalogue).map((location) => locationPath(location, audience.base))
}

/** Throws 'not-found' for what is not there, 'forbidden' for what the mixin may not be put on. */
async function membersAt(
  front: Front,
  exchange: Exchange,
  paths: readonly string[],
  mixin: OwnMixin,
): Promise<readonly MixinMember[]> {
  const taggable = taggableOf(front, await liveComputes(front, exchange), await liveStorages(front, exchange))
  const everything = new Map((await allMembers(front, exchange)).map((member) => [member.path, member]))
  return paths.map((path) => {
    const member = everything.get(path)
    if (member === undefined) throw fault('not-found', `there is no entity at ${path.slice(0, 256)}`)
    const { kind } = member.entity(exchange.audience.version)
    if (mixin.applies.length > 0 && !mixin.applies.includes(kind))
      throw fault('forbidden', `the mixin ${mixin.id} cannot be put on ${kind}`, { allowed: mixin.applies })
    const own = taggable.get(path)
    if (own === undefined) throw fault('forbidden', `${path} belongs to the provider: no mixin can be put on it`)
    return own
  })
}

function taggableOf(
  front: Front,
  records: readonly ComputeRecord[],
  storages: readonly StorageView[],
): ReadonlyMap<string, MixinMember> {
  const within = (record: ComputeRecord, members: readonly Member[], part: (at: number) => Partial<Part>) =>
    members.map((member, at): [string, MixinMember] => [member.path, { kind: 'compute', id: record.id, ...part(at) }])
  return new Map<string, MixinMember>([
    ...records.flatMap((record) => [
      ...within(record, [computeMember(front, record)], () => ({})),
      ...within(record, interfaceMembers(front, record), (at) => ({
        interface: record.wish.interfaces[at]?.name ?? '',
      })),
      ...within(record, storageLinkMembers(front, record), (at) => ({ volume: volumesOf(record)[at]?.name ?? '' })),
    ]),
    ...storages.map((view): [string, MixinMember] => [
      storageMember(front, view).path,
      { kind: 'storage', id: view.record.id },
    ]),
  ])
}

type Part = Pick<Extract<MixinMember, { readonly kind: 'compute' }>, 'interface' | 'volume'>
