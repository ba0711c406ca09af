/** POST on a kind's collection: one entity, or several in a JSON collection, which are made all or none (GFD.223 §5.5.2). */
import { fault } from '../../faults'
import type { Part, PartName, Parts } from '../../operations/together/operations'
import type { Member } from '../entities/member'
import { type Answer, answerWithAll, type Exchange, type Front } from '../exchange'
import { negotiate } from '../negotiation'
import type { Document } from '../parse'
import { describesOne } from '../requests/describes-one'
import { inOcciFields } from '../requests/in-occi-fields'
import { created } from './created'

export interface Creating<K extends PartName> {
  /** Where its collection is: `/network/`. */
  readonly folder: string
  /** A path has one entity, a collection takes several. */
  readonly at: 'path' | 'collection'
  /** What operations call their fields, by OCCI's names. */
  readonly fields: Readonly<Record<string, string>>
  /** What a description asks for. */
  order(document: Document): Part<K>
  /** What came of it. */
  member(done: Parts[K]['done'], index: number): Member | Promise<Member>
}

/** 201 with Location: the entity's, or that of the collection with all of them in the body. */
export async function createEach<K extends PartName>(
  front: Front,
  exchange: Exchange,
  { folder, at, fields, order, member }: Creating<K>,
): Promise<Answer> {
  // Before anything happens: a rendering that cannot be had must not leave an entity behind.
  negotiate(exchange.accept, 'listing')
  const document = exchange.document()
  const documents = at === 'path' ? [describesOne(document)] : (document.entities ?? [document])
  if (documents.length === 0) throw fault('missing', 'the request describes no entity', { field: 'resources' })
  const done = await inOcciFields(fields, async () => front.operations.together(exchange.caller, documents.map(order)))
  const members = await Promise.all(done.map(member))
  const [one] = members
  if (document.entities === undefined && one !== undefined) return created(exchange, one)
  return answerWithAll(exchange, members, {
    status: 201,
    headers: { Location: exchange.audience.base + folder },
  })
}
