/**
 * The job of one volume: claim -> look -> plan -> intent -> act -> result -> settle, as a machine's (compute.ts). It makes, grows
 * and removes the disk; attaching and detaching is the machine's job, under the machine's claim.
 *
 * Who may race: any number of jobs for one volume, decided by epoch in the store and, after a look, on the host. A machine's job
 * attaches under its own claim: the host refuses to remove what is attached, and this job waits until the machine was seen
 * without it. Nothing can be attached any more once the volume is deleted, for the wish script of an attachment compares the
 * volume's generation.
 */
import { asFault, isThrottled, outcomeUnknown } from '../../../src/faults'
import { useOfVolume } from '../../../src/model/accounts'
import { formatEpoch } from '../../../src/model/epoch'
import type { ComputeId } from '../../../src/model/ids'
import type { MachineSighting } from '../../../src/model/machine'
import type { HostRecord } from '../../../src/model/records'
import { mayHold, STORAGE_NO_PLACE, type StorageRecord } from '../../../src/model/storage'
import type { Claim } from '../../../src/store/store'
import { LOOK_AGAIN_MS, STUCK_MS, sinceSilent, UNSHOWN_AGAIN_MS } from '../backoff'
import { done, troubled } from '../effect-journal'
import { forgetNamed } from '../forget'
import { targetOf } from '../target'
import { underClaim } from '../under-claim'
import { within } from '../within'
import { across, type Next, type Work } from '../work'
import { bringAbout, type OnHost, writeStorage } from './act'
import { followed } from './follow'
import { openStill, silenceOf, vanished } from './journal'
import { lodge } from './lodge'
import { planStorage, sizeOn } from './plan'

/** How often it is looked whether its machine has let go of it, ms. */
const HELD_MS = 1000
/** How often it is looked whether its machine is stopped, so that it can grow, ms. */
const OPEN_MS = 15_000

export const reconcileStorage = (work: Work, id: string): Promise<void> =>
  underClaim(work, 'storage', id, (claim) => pursue(work, claim, claim.record))

async function pursue(work: Work, claim: Claim<'storage'>, record: StorageRecord): Promise<Next> {
  if (record.seen.goneAt !== null) return forgetNamed(work, claim, record.wish.name)
  if (record.journal.moving !== undefined) return travelling(work, claim, record, record.journal.moving)
  const hostId = record.place.host ?? (record.wish.exists ? await hostOfHolder(work, record) : null)
  if (hostId === null) return record.wish.exists ? { at: null } : end(work, claim, record)
  const host = (await followed(work, record)) ?? (await work.store.read('host', hostId))
  if (host === undefined) throw new Error(`${record.wish.name} is placed on a host that is not there`)
  // Its disk went with the host, or lies there out of reach for good: nobody waits for that.
  if (isNotWaitedFor(record, host) && !(await isHeld(work, record))) return end(work, claim, record)
  if (record.wish.exists) {
    const lodged = await lodge(work, claim, record, host.id)
    if (lodged !== 'done') return lodged.next
  }
  return onHost(work, claim, record.place.host === host.id ? record : { ...record, place: placed(host) }, host)
}

const isNotWaitedFor = ({ wish, seen }: StorageRecord, host: HostRecord): boolean =>
  !wish.exists && (wish.abandoned === true || (isGivenUp(host) && (seen.pool ?? null) === null))

const isGivenUp = ({ seen }: HostRecord): boolean => Boolean(seen.fenced) && seen.contact === 'lost'

/** Its machine is being moved and takes it along: nothing is done with it until that is over. */
async function travelling(work: Work, claim: Claim<'storage'>, record: StorageRecord, id: ComputeId): Promise<Next> {
  const compute = await work.store.read('compute', id)
  if (compute?.place.moving?.volumes.includes(record.id)) return { at: work.clock.now() + HELD_MS }
  const { moving: _over, ...journal } = record.journal
  await writeStorage(work, claim, { journal }, 'storage-stays')
  return { at: work.clock.now() }
}

const placed = ({ id, wish }: HostRecord): StorageRecord['place'] => ({
  host: id,
  hostName: wish.name,
  zone: wish.zone,
  simulated: wish.simulated,
  at: 0,
})

/**
 * The host of the machine that it is to hang on, once that has one. At a provider, once the machine is there: one that has no room after all
 * must not keep the volume, and with it the machine.
 */
async function hostOfHolder(work: Work, { wish }: StorageRecord) {
  if (wish.holder === null) return null
  const compute = await work.store.read('compute', wish.holder.compute)
  if (compute === undefined || (compute.place.offer !== undefined && compute.seen.machine?.given === undefined))
    return null
  return compute.place.host
}

/** One guarded look and one effect at most. */
async function onHost(work: Work, claim: Claim<'storage'>, record: StorageRecord, host: HostRecord): Promise<Next> {
  const on: OnHost = { driver: work.driver(host.wish.driver), target: targetOf(work, host) }
  let seen: MachineSighting
  try {
    const ticket = { resource: record.wish.name, epoch: claim.epoch }
    seen = await across(work, 'look', claim.ref, () => within(on.driver.find(on.target, ticket)))
  } catch (thrown) {
    const fault = asFault(thrown)
    if (!outcomeUnknown(fault) && !isThrottled(fault) && fault.kind !== 'refused') throw thrown
    const now = work.clock.now()
    const journal = troubled(record.journal, { kind: fault.kind, message: silenceOf(fault) }, now)
    if (journal !== record.journal) await writeStorage(work, claim, { journal }, 'storage-silent')
    return { at: now + sinceSilent(now, journal.trouble?.at ?? now) }
  }
  return carryOut(work, claim, record, on, seen)
}

async function carryOut(
  work: Work,
  claim: Claim<'storage'>,
  record: StorageRecord,
  on: OnHost,
  host: MachineSighting,
): Promise<Next> {
  const now = work.clock.now()
  const decision = planStorage(record, host, await isHeld(work, record), now)
  switch (decision.kind) {
    case 'do':
      return bringAbout(work, claim, record, on, decision)
    case 'wait':
      return { at: now + LOOK_AGAIN_MS }
    case 'held':
      return { at: now + HELD_MS }
    case 'unshown':
      return { at: now + UNSHOWN_AGAIN_MS }
    case 'leave':
      return end(work, claim, record)
    case 'cancel': {
      const ticket = { resource: record.wish.name, epoch: claim.epoch, key: decision.key }
      const mayAct = await across(work, 'intent', claim.ref, () => work.store.intend(claim, record.journal, now))
      if (mayAct) await across(work, 'act', claim.ref, () => within(on.driver.cancel(on.target, ticket)))
      return { at: now }
    }
    case 'vanished': {
      const journal = vanished(record.journal, now)
      await writeStorage(work, claim, { journal, seen: { ...record.seen, at: now, sizeGiB: null } }, 'storage-vanished')
      return { at: now + STUCK_MS }
    }
    case 'open':
      await told(work, claim, { ...record, journal: openStill(record.journal, now) }, host)
      return { at: now + OPEN_MS }
    case 'nothing':
      return settled(work, claim, record, host)
  }
}

/** It is as its owner wants it: told once, and to the machine that waits for it. */
async function settled(
  work: Work,
  claim: Claim<'storage'>,
  record: StorageRecord,
  host: MachineSighting,
): Promise<Next> {
  await told(work, claim, { ...record, journal: done(record.journal) }, host)
  const { holder } = record.wish
  if (holder !== null) await work.queue.add([{ kind: 'compute', id: holder.compute }])
  return { at: null }
}

/** Written where anything is otherwise than before. */
async function told(work: Work, claim: Claim<'storage'>, record: StorageRecord, host: MachineSighting): Promise<void> {
  const now = work.clock.now()
  const sizeGiB = sizeOn(record, host) ?? null
  const { journal } = record
  const { pool, zone } = host.disks.find((disk) => disk.name === record.wish.name) ?? {}
  const where = { ...(pool === undefined ? {} : { pool }), ...(zone === undefined ? {} : { zoneThere: zone }) }
  const seen = { ...record.seen, sizeGiB, madeAt: record.seen.madeAt ?? now, ...where }
  const before = claim.record
  if (JSON.stringify([journal, seen]) !== JSON.stringify([before.journal, before.seen]))
    await writeStorage(work, claim, { seen: { ...seen, at: now }, journal }, 'storage-seen')
}

/** Whether a machine has it or may have it, or a snapshot of it is under way. */
async function isHeld(work: Work, { id, wish }: StorageRecord): Promise<boolean> {
  if (wish.exists) return false
  const ids = [wish.holder, wish.former].flatMap((one) => (one === null ? [] : [one.compute]))
  const computes = await work.store.readMany('compute', ids)
  if (computes.some((compute) => mayHold(compute, wish.name))) return true
  // A snapshot that was ordered before is still to be copied from it.
  const snapshots = await work.store.readAll('snapshot')
  return snapshots.some(
    (one) => one.wish.exists && one.seen.state === 'pending' && one.wish.of.kind === 'storage' && one.wish.of.id === id,
  )
}

/** The end of a deleted volume: its claim and its project's counters are free, then it is forgotten. */
async function end(work: Work, claim: Claim<'storage'>, record: StorageRecord): Promise<Next> {
  const now = work.clock.now()
  const { host } = record.place
  const { project, wish } = record
  const seen = { ...record.seen, at: now, sizeGiB: null, goneAt: now }
  const written = await across(work, 'result', claim.ref, () =>
    work.store.observe(
      claim,
      {
        seen,
        raisePhase: true,
        ...(host === null ? {} : { giveUpPlace: { host, place: STORAGE_NO_PLACE, wait: false } }),
        counters:
          project === null
            ? []
            : [
                { project, name: 'volumes', by: -1 },
                { project, name: 'volumeGiB', by: -wish.sizeGiB },
              ],
        used: [{ ...useOfVolume(record), until: wish.deletedAt ?? now }],
        what: 'storage-gone',
      },
      now,
    ),
  )
  work.log.info({ volume: wish.name, epoch: formatEpoch(claim.epoch), written }, 'storage-gone')
  return written ? forgetNamed(work, claim, record.wish.name) : { at: now }
}
