/** What is answered at an entity's own path, for every kind of resource alike: shown, made where it is fresh, changed, acted on, deleted. */
import { fault } from '../../faults'
import type { Part } from '../../operations/together/operations'
import type { Member } from '../entities/member'
import { type Answer, answer, type Exchange, type Front } from '../exchange'
import type { Catalogue } from '../model/catalogue'
import { negotiate } from '../negotiation'
import { refuseTooMany } from './act'
import { deleteEach } from './delete-each'
import { orAbsent } from './or-absent'

export interface Resource<R> {
  /** As refusals call one of the kind: `a network`. */
  readonly what: string
  /** Throws 'not-found', also for what was deleted and for what another project has. */
  live(front: Front, exchange: Exchange, id: string): Promise<R>
  member(front: Front, record: R): Member
  /** PUT at a fresh path: 201 with Location. */
  create(front: Front, exchange: Exchange, catalogue: Catalogue, id: string): Promise<Answer>
  /** Makes it what is described: all of it, or the part that is named. Resolves to what it is then. */
  update(front: Front, exchange: Exchange, catalogue: Catalogue, record: R, how: 'whole' | 'partial'): Promise<R>
  going(front: Front, record: R): readonly Part[]
  /** The exchange's action on each, all or none; a kind without it has no actions. */
  act?(front: Front, exchange: Exchange, records: readonly R[]): Promise<readonly R[]>
}

/** GET, PUT (creates at a fresh path), POST (an action, or a partial update), DELETE. */
export const atPath =
  <R>(kind: Resource<R>) =>
  async (front: Front, exchange: Exchange, catalogue: Catalogue, id: string, method: string): Promise<Answer> => {
    if (method === 'PUT') return put(kind, front, exchange, catalogue, id)
    const record = await kind.live(front, exchange, id)
    if (method === 'GET') return show(kind, front, exchange, record)
    if (method === 'DELETE') return deleteEach(front, exchange, [record], kind.going(front, record))
    if (exchange.action !== null) return act(kind, front, exchange, record)
    return update(kind, front, exchange, catalogue, record, 'partial')
  }

function show<R>(kind: Resource<R>, front: Front, exchange: Exchange, record: R): Answer {
  const member = kind.member(front, record)
  return answer(exchange, 'other', (rendering) => rendering.entity(member, exchange.audience))
}

/** Creates at a fresh path; changes what is there. */
async function put<R>(
  kind: Resource<R>,
  front: Front,
  exchange: Exchange,
  catalogue: Catalogue,
  id: string,
): Promise<Answer> {
  const record = await orAbsent(kind.live(front, exchange, id))
  return record === undefined
    ? kind.create(front, exchange, catalogue, id)
    : update(kind, front, exchange, catalogue, record, 'whole')
}

async function update<R>(
  kind: Resource<R>,
  front: Front,
  exchange: Exchange,
  catalogue: Catalogue,
  record: R,
  how: 'whole' | 'partial',
): Promise<Answer> {
  negotiate(exchange.accept, 'other')
  return show(kind, front, exchange, await kind.update(front, exchange, catalogue, record, how))
}

async function act<R>(kind: Resource<R>, front: Front, exchange: Exchange, record: R): Promise<Answer> {
  if (kind.act === undefined)
    throw fault('unknown-field', `${kind.what} has no actions`, { field: 'action', allowed: [] })
  const [done = record] = await kind.act(front, exchange, [record])
  const member = kind.member(front, done)
  return answer(exchange, 'other', (rendering) => rendering.acted(member, exchange.audience))
}

/** The exchange's action on these of a kind that has actions, all or none. Throws 'too-large' for more than a thousand. */
export const actOnEach =
  <R>({ act, member }: Resource<R> & Required<Pick<Resource<R>, 'act'>>) =>
  async (front: Front, exchange: Exchange, records: readonly R[]): Promise<Answer> => {
    refuseTooMany(records)
    const members = (await act(front, exchange, records)).map((record) => member(front, record))
    return answer(exchange, 'other', (rendering) => rendering.acted(members, exchange.audience))
  }
