/**
 * Where a volume lives: on the host of the first machine that it is to hang on, from then on; one on storage that hosts share goes
 * along to the host of the machine that has it (follow.ts). Its GiB are claimed there before the disk is made or grown, against the
 * same revision of the host's claims that placement names.
 */
import { hostViews, parseClaim } from '../../../src/model/placement'
import type { HostRecord } from '../../../src/model/records'
import type { StoragePlace, StorageRecord } from '../../../src/model/storage'
import type { Claim } from '../../../src/store/store'
import { across, type Next, type Work } from '../work'
import { troubled } from './journal'

/** How often room is looked for, ms. */
const ROOM_MS = 5000
const TRIES = 5

export const claimOf = (sizeGiB: number): string =>
  JSON.stringify({ type: '', cores: 0, cpuHundredths: 0, memoryMiB: 0, diskGiB: sizeGiB })

/** The volume has its place on the host and claims its wished size there; or when to try again, with the reason on the record. */
export async function lodge(
  work: Work,
  claim: Claim<'storage'>,
  record: StorageRecord,
  host: HostRecord,
): Promise<'done' | { readonly next: Next }> {
  const wanted = claimOf(record.wish.sizeGiB)
  for (let tries = 0; tries < TRIES; tries += 1) {
    const [held] = await work.store.hostClaims([host.id])
    const revision = held?.revision ?? 0
    const mine = held?.claims[record.id]
    if (mine === wanted && record.place.host === host.id) return 'done'
    const claims = Object.values(held?.claims ?? {}).map(parseClaim)
    const free = hostViews([{ record: host, claims }])[0]?.free.diskGiB ?? 0
    const more = record.wish.sizeGiB - (mine === undefined ? 0 : JSON.parse(mine).diskGiB)
    if (more > free) return { next: await noRoom(work, claim, record, more, free) }
    const now = work.clock.now()
    const place = record.place.host === host.id ? record.place : placeOn(host, now)
    const came = await across(work, 'place', claim.ref, () =>
      work.store.lodge(claim, { host: host.id, revision, claim: wanted, ...formerOf(record, host) }, place, now),
    )
    if (came === 'done') return 'done'
    if (came === 'superseded') return { next: { at: now } }
  }
  return { next: { at: work.clock.now() } }
}

const formerOf = ({ place }: StorageRecord, host: HostRecord) =>
  place.host === null || place.host === host.id ? {} : { former: place.host }

const placeOn = ({ id, wish }: HostRecord, now: number): StoragePlace => ({
  host: id,
  hostName: wish.name,
  zone: wish.zone,
  simulated: wish.simulated,
  at: now,
})

async function noRoom(
  work: Work,
  claim: Claim<'storage'>,
  record: StorageRecord,
  more: number,
  free: number,
): Promise<Next> {
  const now = work.clock.now()
  const message = `its host has ${Math.max(0, free)} GiB of disk free, it needs ${more}`
  const journal = troubled(record.journal, 'no-room', message, now)
  if (journal !== record.journal)
    await across(work, 'result', claim.ref, () => work.store.observe(claim, { journal, what: 'storage-waits' }, now))
  return { at: now + ROOM_MS }
}
