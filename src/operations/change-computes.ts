/**
 * What all verbs on machines share: all or nothing over at most 1000 of them, decided on fresh records, written in one script,
 * decided again when one of them moved meanwhile.
 */
import { fault } from '../faults'
import { type ComputeId, formatRef, type Ref } from '../model/ids'
import { type Lifecycle, lifecycle } from '../model/lifecycle'
import { wantsPlace } from '../model/placement'
import type { ComputeRecord, ComputeWish } from '../model/records'
import type { Update } from '../store/store'
import { attemptOne, type Propose } from './attempt'
import type { Caller, Context } from './context'
import type { Changed } from './operations'
import { MOST_AT_ONCE } from './run/check-order'

/** How one machine's wish is to change; undefined: it is so already. */
export type Decide = (record: ComputeRecord, state: Lifecycle) => Partial<ComputeWish> | undefined

export interface ComputeVerbOrder {
  readonly what: string
  readonly ids: readonly ComputeId[]
  readonly decide: Decide
  /** `any-state`: the verb is accepted in every state, so only another wish may refuse it, not a machine in motion. */
  readonly compares: 'phase' | 'any-state'
  readonly dryRun: boolean
  /** Who is to be told of it. */
  readonly wakes?: (changing: readonly ComputeRecord[]) => readonly Ref[]
  /** Changes of other records that belong to it, in the same script; given the machines that change, as they were. */
  readonly also?: (changing: readonly ComputeRecord[], context: Context) => readonly Update[]
}

/** Duplicates count once. Faults: 'not-found', 'too-large', 'invalid' (no ids), what `decide` throws, 'conflict', 'unavailable'. */
export const changeComputes = async (
  context: Context,
  caller: Caller,
  order: ComputeVerbOrder,
): Promise<readonly Changed[]> => attemptOne(context, caller.actor, order.what, changingComputes(caller, order))

/** The decision by itself. */
export function changingComputes(caller: Caller, order: ComputeVerbOrder): Propose<readonly Changed[]> {
  const ids = [...new Set(order.ids)]
  if (ids.length === 0) throw fault('missing', 'name at least one machine', { field: 'ids' })
  if (ids.length > MOST_AT_ONCE)
    throw fault('too-large', `at most ${MOST_AT_ONCE} machines can be named at once`, { field: 'ids' })
  return async (context, refusal) => {
    const records = await readOwn(context, caller, ids, refusal === undefined ? 'mirror' : 'store')
    const decisions = records.map((record) => decided(record, order))
    const updates = decisions.flatMap(({ update }) => (update ? [update] : []))
    const value = decisions.map(({ before, after }) => ({ before, record: after }))
    if (order.dryRun || updates.length === 0) return { change: undefined, value }
    const moved = decisions.filter(({ update }) => update !== undefined).map(({ after }) => after)
    const changing = records.filter((_record, at) => decisions[at]?.update !== undefined)
    const also = order.also?.(changing, context) ?? []
    const wakes = [...new Map(order.wakes?.(changing).map((ref) => [formatRef(ref), ref])).values()]
    return { change: { updates: [...updates, ...also], wakes, ...waitingLists(moved) }, value }
  }
}

interface Decision {
  readonly before: Lifecycle
  readonly after: ComputeRecord
  readonly update: Update | undefined
}

function decided(record: ComputeRecord, order: ComputeVerbOrder): Decision {
  const before = lifecycle(record)
  const wished = order.decide(record, before)
  if (wished === undefined) return { before, after: record, update: undefined }
  const wish = { ...record.wish, ...wished }
  const raisePhase = lifecycle({ ...record, wish }) !== before
  const after: ComputeRecord = {
    ...record,
    wish,
    rev: record.rev + 1,
    generation: record.generation + 1,
    phase: record.phase + (raisePhase ? 1 : 0),
    wakes: record.wakes + 1,
  }
  const compared = order.compares === 'phase' ? { phase: record.phase } : {}
  const update: Update = {
    ref: { kind: 'compute', id: record.id },
    project: record.project,
    generation: record.generation,
    ...compared,
    wish,
    raisePhase,
    wake: true,
  }
  return { before, after, update }
}

/** A machine without a place waits for one unless it is held, failed or should not be there. */
function waitingLists(records: readonly ComputeRecord[]): {
  readonly waiting?: readonly string[]
  readonly stopWaiting?: readonly string[]
} {
  const homeless = records.filter(({ place }) => place.host === null || place.parked?.released === true)
  const waiting = homeless.filter(wantsPlace)
  const others = homeless.filter((record) => !waiting.includes(record))
  return {
    ...(waiting.length > 0 ? { waiting: waiting.map(({ id }) => id) } : {}),
    ...(others.length > 0 ? { stopWaiting: others.map(({ id }) => id) } : {}),
  }
}

/** Own machines in the order asked. Faults: 'not-found' names all that are missing. */
async function readOwn(
  context: Context,
  caller: Caller,
  ids: readonly ComputeId[],
  from: 'mirror' | 'store',
): Promise<readonly ComputeRecord[]> {
  await context.mirror.fresh(caller.project)
  const records =
    from === 'mirror'
      ? ids.map((id) => context.mirror.get('compute', id))
      : await context.store.readMany('compute', ids)
  const own = records.filter((record) => record !== undefined).filter((record) => record.project === caller.project)
  if (own.length === ids.length) return own
  const found = new Set<string>(own.map((record) => record.id))
  throw notFound(ids.filter((id) => !found.has(id)))
}

/** 'not-found' for one or several machines. */
export const notFound = (names: readonly string[]) =>
  fault('not-found', `there is no machine ${names.slice(0, 20).join(', ')}`, {
    subject: { kind: 'compute', id: names[0] ?? '' },
  })
