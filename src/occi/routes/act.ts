/** `?action=` on one compute or on all of a collection (GFD.223 §5.5.5): all or nothing. */
import { asFault, fault } from '../../faults'
import { lifecycle, occiActions, occiState } from '../../model/lifecycle'
import type { ComputeRecord } from '../../model/records'
import type { Changed } from '../../operations/operations'
import { computeMember } from '../entities/compute'
import { type Answer, answer, type Exchange, type Front } from '../exchange'
import { negotiate } from '../negotiation'
import { type ComputeAct, computeAct } from '../requests/act-on-compute'
import { type Saved, saveComputes, showSaved } from './save'

type Done = { readonly changed: readonly Changed[] } | Saved

/** Most members that one request changes. */
export const MOST_MEMBERS = 1000

/** Throws 'state' naming the actions that are accepted now. */
export async function actOnOne(front: Front, exchange: Exchange, term: string, record: ComputeRecord): Promise<Answer> {
  const done = await act(front, exchange, term, [record])
  if ('images' in done) return showSaved(exchange, done)
  const member = computeMember(front, done.changed[0]?.record ?? record)
  return answer(exchange, 'other', (rendering) => rendering.acted(member, exchange.audience))
}

/** An empty collection is done at once. Throws 'too-large' for more than a thousand, with nothing changed. */
export async function actOnAll(front: Front, exchange: Exchange, records: readonly ComputeRecord[]): Promise<Answer> {
  refuseTooMany(records)
  const done = await act(front, exchange, exchange.action ?? '', records)
  if ('images' in done) return showSaved(exchange, done)
  const members = done.changed.map(({ record }) => computeMember(front, record))
  return answer(exchange, 'other', (rendering) => rendering.acted(members, exchange.audience))
}

/** Throws 'too-large' (413): nothing is changed then. */
export function refuseTooMany(records: readonly unknown[]): void {
  if (records.length > MOST_MEMBERS)
    throw fault(
      'too-large',
      `the collection has ${records.length} members; one request changes at most ${MOST_MEMBERS}`,
    )
}

async function act(front: Front, exchange: Exchange, term: string, records: readonly ComputeRecord[]): Promise<Done> {
  // A rendering that cannot be had must not leave the deed behind.
  negotiate(exchange.accept, 'other')
  const wanted = computeAct(term, exchange.document(), front.model)
  if (records.length === 0) return { changed: [] }
  try {
    return await run(front, exchange, wanted, records)
  } catch (thrown) {
    throw await inOcciWords(front, exchange, term, records, thrown)
  }
}

async function run(
  { operations }: Front,
  { caller }: Exchange,
  wanted: ComputeAct,
  records: readonly ComputeRecord[],
): Promise<Done> {
  const ids = records.map(({ id }) => id)
  switch (wanted.do) {
    case 'power':
      return { changed: await operations.setPower(caller, { ids, to: wanted.to, how: wanted.how, already: 'refuse' }) }
    case 'restart':
      return { changed: await operations.restartComputes(caller, { ids, how: wanted.how }) }
    case 'save':
      return saveComputes(operations, caller, wanted, records)
  }
}

/** A refused state in the words of this protocol: which compute, its state, what it would take. */
async function inOcciWords(
  front: Front,
  { caller }: Exchange,
  term: string,
  records: readonly ComputeRecord[],
  thrown: unknown,
): Promise<unknown> {
  const refused = asFault(thrown)
  if (refused.kind !== 'state') return thrown
  const id = records.find((record) => record.id === refused.detail.subject?.id)?.id ?? refusing(term, records)?.id
  if (id === undefined) return thrown
  const record = await front.operations.getCompute(caller, id)
  const allowed = occiActions(record)
  return fault(
    'state',
    `${term} is not accepted while the compute ${id} is ${occiState(record)} (${lifecycle(record)}); accepted: ${allowed.join(', ') || 'none'}`,
    { subject: { kind: 'compute', id }, allowed, cause: thrown },
  )
}

const refusing = (term: string, records: readonly ComputeRecord[]): ComputeRecord | undefined =>
  records.find((record) => !(occiActions(record) as readonly string[]).includes(term))
