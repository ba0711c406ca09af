/**
 * A machine whose guest shut it down and whose owner wants it gone then. This is the one wish that a worker makes: the owner's
 * own, written ahead of time, of which only the guest knows the hour. It names the generation that was decided on, so a start
 * or any other wish that came meanwhile wins.
 */
import { randomUUID } from 'node:crypto'
import { publicsOf } from '../../src/model/public-addresses'
import { type AnyRecord, type ComputeRecord, freed, groupRefs } from '../../src/model/records'
import { releasedAtEnd, volumesOf } from '../../src/model/storage'
import { type Claim, NOBODY, type Update } from '../../src/store/store'
import type { Next, Work } from './work'

/** Why a machine ends whose owner does not say so now: what is told of it, and what the event is called. */
interface Why {
  readonly reason: string
  readonly what: string
}

const SHUT_DOWN: Why = {
  reason: 'Client.InstanceInitiatedShutdown: Instance initiated shutdown',
  what: 'compute-ended-by-itself',
}

/** Its end is wished; the same job comes again and walks the ladder down. */
export async function endByItself(work: Work, claim: Claim<'compute'>, why: Why = SHUT_DOWN): Promise<Next> {
  const now = work.clock.now()
  // As it is kept: what the job knows of it for deciding is no part of a wish.
  const { ref, generation, record } = claim
  const wish = {
    ...record.wish,
    exists: false,
    ...(record.wish.volumes ? { volumes: [] } : {}),
    ...(record.wish.publics ? { publics: [] } : {}),
    how: 'hard',
    deletedAt: now,
    reason: why.reason,
  }
  const update = { ref, project: record.project, generation, wish, raisePhase: true, wake: true }
  const { state } = await work.store.change(
    {
      operationId: randomUUID(),
      actor: NOBODY,
      what: why.what,
      updates: [update, ...(await parting(work, record, now))],
      wakes: groupRefs(record),
    },
    now,
  )
  work.log.info({ vm: record.wish.name, state }, why.what)
  return { at: now }
}

/** What hangs on it is let go of in the same script, by its generation: what moved meanwhile is decided on again. */
async function parting({ store }: Work, record: ComputeRecord, now: number): Promise<readonly Update[]> {
  const storages = await store.readMany(
    'storage',
    volumesOf(record).map(({ storage }) => storage),
  )
  const addresses = await store.readMany(
    'address',
    publicsOf(record).map(({ address }) => address),
  )
  const volumes = storages.flatMap((storage) =>
    storage?.wish.holder?.compute === record.id
      ? [{ ...partOf(storage), wish: releasedAtEnd(storage.wish, storage.wish.holder, now), wake: true }]
      : [],
  )
  const publics = addresses.flatMap((address) =>
    address?.wish.holder?.compute === record.id ? [{ ...partOf(address), wish: freed(address.wish), wake: false }] : [],
  )
  return [...volumes, ...publics]
}

const partOf = ({ kind, id, project, generation }: AnyRecord) => ({
  ref: { kind, id },
  project,
  generation,
  raisePhase: kind === 'storage',
})
