/**
 * Where a volume lives: on the host of the first machine that it is to hang on, from then on; one on storage that hosts share goes
 * along to the host of the machine that has it (follow.ts). Its GiB are claimed there before the disk is made or grown, against the
 * same revision of the host's claims that placement names; at a provider what they cost too, so that it stays inside the budget.
 */
import type { HostId } from '../../../src/model/ids'
import { type HostClaim, hostViews, parseClaim } from '../../../src/model/placement'
import { unaffordable } from '../../../src/model/providers/afford'
import type { HostRecord } from '../../../src/model/records'
import type { StoragePlace, StorageRecord } from '../../../src/model/storage'
import type { Claim } from '../../../src/store/store'
import { troubled } from '../effect-journal'
import { across, type Next, type Work } from '../work'

/** How often room is looked for, ms. */
const ROOM_MS = 5000
const TRIES = 5

type Gib = StoragePlace['gib']

/** `gib`: what one costs an hour at its provider. */
export const claimOf = (sizeGiB: number, gib?: Gib): string =>
  JSON.stringify({
    ...{ type: '', cores: 0, cpuHundredths: 0, memoryMiB: 0, diskGiB: sizeGiB },
    ...(gib === undefined ? {} : { price: Math.round(gib.price * sizeGiB) }),
  })

/** As the operator says now; undefined: it is no provider, or nobody said what a GiB costs there. */
function gibAt({ wish: { provider } }: HostRecord): Gib {
  const price = provider?.prices?.diskGiB
  return provider === undefined || price === undefined ? undefined : { price, currency: provider.currency }
}

/** What was agreed on counts for as long as it has that size. */
const gibFor = ({ wish, place }: StorageRecord, host: HostRecord, mine: HostClaim | undefined): Gib =>
  place.host === host.id && place.gib && mine?.diskGiB === wish.sizeGiB ? place.gib : gibAt(host)

/** The volume has its place on the host and claims its wished size there; or when to try again, with the reason on the record. */
export async function lodge(
  work: Work,
  claim: Claim<'storage'>,
  record: StorageRecord,
  id: HostId,
): Promise<'done' | { readonly next: Next }> {
  const { sizeGiB } = record.wish
  for (let tries = 0; tries < TRIES; tries += 1) {
    const [held] = await work.store.hostClaims([id])
    // Read after its claims: what becomes of it from here on raises their revision.
    const host = await work.store.read('host', id)
    if (host === undefined) return { next: { at: work.clock.now() } }
    const revision = held?.revision ?? 0
    const text = held?.claims[record.id]
    const mine = text === undefined ? undefined : parseClaim(text)
    const gib = gibFor(record, host, mine)
    const wanted = claimOf(sizeGiB, gib)
    if (text === wanted && record.place.host === host.id) return 'done'
    const claims = Object.values(held?.claims ?? {}).map(parseClaim)
    const now = work.clock.now()
    const [view] = hostViews([{ record: host, claims }], host.wish.provider ? now : undefined)
    const [free, more] = [view?.free.diskGiB ?? 0, sizeGiB - (mine?.diskGiB ?? 0)]
    if (more > free) return { next: await noRoom(work, claim, record, lacking(more, free)) }
    const costs = Math.round((gib?.price ?? 0) * sizeGiB) - (mine?.price ?? 0)
    const dear = more > 0 ? unaffordable(view?.provider, costs) : undefined
    if (dear !== undefined) return { next: await noRoom(work, claim, record, dear) }
    const { gib: _former, ...there } = record.place.host === host.id ? record.place : placeOn(host, now)
    const place: StoragePlace = { ...there, ...(gib ? { gib } : {}) }
    const came = await across(work, 'place', claim.ref, () =>
      work.store.lodge(claim, { host: host.id, revision, claim: wanted, ...formerOf(record, host) }, place, now),
    )
    if (came === 'done') return 'done'
    if (came === 'superseded') return { next: { at: now } }
  }
  return { next: { at: work.clock.now() } }
}

const lacking = (more: number, free: number): string =>
  `its host has ${Math.max(0, free)} GiB of disk free, it needs ${more}`

const formerOf = ({ place }: StorageRecord, host: HostRecord) =>
  place.host === null || place.host === host.id ? {} : { former: place.host }

const placeOn = ({ id, wish }: HostRecord, now: number): StoragePlace => ({
  host: id,
  hostName: wish.name,
  zone: wish.zone,
  simulated: wish.simulated,
  at: now,
})

async function noRoom(work: Work, claim: Claim<'storage'>, record: StorageRecord, message: string): Promise<Next> {
  const now = work.clock.now()
  const journal = troubled(record.journal, { kind: 'no-room', message }, now)
  if (journal !== record.journal)
    await across(work, 'result', claim.ref, () => work.store.observe(claim, { journal, what: 'storage-waits' }, now))
  return { at: now + ROOM_MS }
}
