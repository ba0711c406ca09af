/**
 * The job of a public address of a provider's: claim -> look -> plan -> intent -> act -> result -> settle, as a volume's. It has the provider
 * give one to its account, and gives it back; leading it to a machine is the machine's job, under the machine's claim.
 *
 * Who may race: any number of jobs for one address, decided by epoch in the store. A provider has no guard and no idempotency for this: an
 * older worker that was frozen may still ask for one. That one bears the address's mark, so the next list shows two and the job gives the
 * other back; where the address is forgotten by then, it is told to the operator with its cost. An address is given back only once no
 * machine may have it: the wish that says so is refused before.
 */
import { asFault, isThrottled, outcomeUnknown } from '../../../src/faults'
import { useOfAddress } from '../../../src/model/accounts'
import { formatEpoch } from '../../../src/model/epoch'
import type { AddressRecord } from '../../../src/model/records'
import type { Claim } from '../../../src/store/store'
import type { AddressSighting } from '../../drivers/driver'
import { STUCK_MS, sinceSilent, UNSHOWN_AGAIN_MS } from '../backoff'
import { done, troubled } from '../effect-journal'
import { forgetNamed } from '../forget'
import { targetOf } from '../target'
import { underClaim } from '../under-claim'
import { within } from '../within'
import { across, type Next, type Work } from '../work'
import { type AtProvider, bringAbout, writeAddress } from './act'
import { journalOf, vanishedAddress } from './journal'
import { lodgeAddress, PROVIDER_GONE } from './lodge'
import { planAddress } from './plan'

/** Between looks for room, ms. */
const ROOM_MS = 5000

export const reconcileAddress = (work: Work, id: string): Promise<void> =>
  underClaim(work, 'address', id, (claim) => pursue(work, claim, claim.record))

async function pursue(work: Work, claim: Claim<'address'>, record: AddressRecord): Promise<Next> {
  const { wish, seen, place } = record
  if (!wish.atProvider) return { at: null }
  if (seen !== null && seen.goneAt !== null) return forgetNamed(work, claim, record.wish.name)
  // Nothing was ever asked for, or nobody waits for its provider any more.
  if (wish.releasedAt !== undefined && (place === null || wish.abandoned)) return end(work, claim, record)
  if (wish.releasedAt === undefined) {
    const lodged = await lodgeAddress(work, claim, record)
    if (lodged !== 'done') return 'why' in lodged ? wait(work, claim, record, lodged.why) : lodged.next
  }
  const host = await work.store.read('host', wish.pool)
  if (host === undefined) return wait(work, claim, record, PROVIDER_GONE)
  const keeper = work.driver(host.wish.driver).addresses
  if (keeper === undefined) return wait(work, claim, record, 'no addresses can be had of providers of its kind')
  return atProvider(work, claim, record, { keeper, target: targetOf(work, host) })
}

/** Told, and tried again later. */
async function wait(work: Work, claim: Claim<'address'>, record: AddressRecord, message: string): Promise<Next> {
  const now = work.clock.now()
  const journal = troubled(journalOf(record), { kind: 'no-room', message }, now)
  if (journal !== record.journal) await writeAddress(work, claim, { journal }, 'address-waits')
  return { at: now + ROOM_MS }
}

/** One look and one effect at most. */
async function atProvider(work: Work, claim: Claim<'address'>, record: AddressRecord, at: AtProvider): Promise<Next> {
  let found: readonly AddressSighting[]
  try {
    found = await across(work, 'look', claim.ref, () => within(at.keeper.find(at.target, record.wish.name)))
  } catch (thrown) {
    const fault = asFault(thrown)
    const { kind } = fault
    const isSaid = kind === 'refused' || isThrottled(fault)
    if (!outcomeUnknown(fault) && !isSaid && kind !== 'unavailable') throw thrown
    const now = work.clock.now()
    const message = isSaid ? fault.message : 'its provider does not answer'
    const journal = troubled(journalOf(record), { kind, message }, now)
    if (journal !== record.journal) await writeAddress(work, claim, { journal }, 'address-silent')
    return { at: now + sinceSilent(now, journal.trouble?.at ?? now) }
  }
  return carryOut(work, claim, record, at, found)
}

async function carryOut(
  work: Work,
  claim: Claim<'address'>,
  record: AddressRecord,
  at: AtProvider,
  found: readonly AddressSighting[],
): Promise<Next> {
  const now = work.clock.now()
  const decision = planAddress(record, found, now)
  switch (decision.kind) {
    case 'do':
      return bringAbout(work, claim, record, at, decision)
    case 'wait':
      return { at: now + UNSHOWN_AGAIN_MS }
    case 'leave':
      return end(work, claim, record)
    case 'vanished': {
      const journal = vanishedAddress(journalOf(record), now)
      if (!record.journal?.stuck) await writeAddress(work, claim, { journal }, 'address-vanished')
      return { at: now + STUCK_MS }
    }
    case 'there': {
      const journal = done(journalOf(record))
      const isSame = record.seen?.object === decision.seen.object && sameJournal(record, journal)
      if (isSame) return { at: null }
      await writeAddress(work, claim, { seen: { at: now, goneAt: null, ...decision.seen }, journal }, 'address-seen')
      // Where there are more, the next look says so.
      return { at: found.length > 1 ? now : null }
    }
  }
}

const sameJournal = ({ journal }: AddressRecord, after: ReturnType<typeof done>): boolean =>
  JSON.stringify(journal) === JSON.stringify(after)

/** Given back: its claim and its project's counter are free, then it is forgotten. */
async function end(work: Work, claim: Claim<'address'>, record: AddressRecord): Promise<Next> {
  const now = work.clock.now()
  const { project, place, wish } = record
  const seen = { at: now, ip: record.seen?.ip ?? '', object: record.seen?.object ?? '', goneAt: now }
  const written = await across(work, 'result', claim.ref, () =>
    work.store.observe(
      claim,
      {
        seen,
        ...(place === null ? {} : { giveUpPlace: { host: place.host, place: null, wait: false } }),
        counters: project === null ? [] : [{ project, name: 'addresses', by: -1 }],
        used: place === null ? [] : [useOfAddress(record, wish.releasedAt ?? now)],
        what: 'address-gone',
      },
      now,
    ),
  )
  work.log.info({ address: wish.name, epoch: formatEpoch(claim.epoch), written }, 'address-gone')
  return written ? forgetNamed(work, claim, record.wish.name) : { at: now }
}
