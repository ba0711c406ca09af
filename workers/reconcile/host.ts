/**
 * The job of one host: one list call sees all its machines, writes what differs and wakes only those that are not as their
 * owners want them.
 *
 * The list is not guarded and may be stale by the time it is read. So the records, with epoch and rev, are read *before*
 * the call, and the store writes a finding only where neither moved meanwhile.
 */
import { asFault, type Fault, isThrottled, outcomeUnknown } from '../../src/faults'
import { isNews, type Owner } from '../../src/model/accounts'
import { formatEpoch } from '../../src/model/epoch'
import type { ComputeRecord, HostSeen } from '../../src/model/records'
import type { Claim } from '../../src/store/store'
import type { HostListing } from '../drivers/driver'
import { askSilentAgain, RETRY_MS } from './ask-silent-again'
import { SHARE_AGAIN_MS } from './backoff'
import { fence, tellMachines } from './fencing/fence'
import { askAgain, heardAgain, isHarmful, orderFor } from './fencing/heard-again'
import { riseAbove } from './fencing/rise-above'
import { findings, lostContact } from './findings'
import { heard, hostDiffers, missed, opensRoom, POLL_MS, putOff, REFRESH_MS } from './host-seen'
import { keepUsage } from './keep-usage'
import { clearLeftover, leftoversOf, orphanVolumes } from './leftovers'
import { compareAddresses } from './provider-addresses/compare'
import { accountSeen } from './providers/account-seen'
import { discardSurplus } from './providers/discard-surplus'
import { stopAtBudget } from './providers/stop-at-budget'
import { wakeReturning } from './relocation/come-home'
import { removeHost } from './remove-host'
import { targetOf } from './target'
import { within } from './within'
import { across, type Work } from './work'

/** Who gives up earlier leaves a slow host with that list and the next one. xl itself is given 8 s on it. */
const LIST_MS = 20_000
/** So many are cleared in one poll; the rest wait for the next. */
const LEFTOVERS = 20

export async function reconcileHost(work: Work, id: string): Promise<void> {
  const ref = { kind: 'host', id } as const
  const claim = await across(work, 'claim', ref, () => work.store.claim('host', id, work.clock.now()))
  if (!claim) return
  const next = await inItsShare(work, claim)
  const now = work.clock.now()
  await across(work, 'settle', ref, () => work.store.settle(claim, now + next, now))
}

/** A host that is silent holds its place until a time limit: any number of these leave room for those that answer. */
async function inItsShare(work: Work, claim: Claim<'host'>): Promise<number> {
  const place = work.shares.take('host', claim.record.seen.lostSince === null ? null : 'silent')
  if (place === undefined) return SHARE_AGAIN_MS
  try {
    return await pollHost(work, claim)
  } finally {
    place.release()
  }
}

/** Lists it and writes what was found; ms until the next poll. */
async function pollHost(work: Work, claim: Claim<'host'>): Promise<number> {
  const host = claim.record
  const pollMs = work.hostPollMs ?? POLL_MS[host.wish.simulated ? 'simulated' : 'real']
  const there = await heldAt(work, host.id)
  // What was placed there while it was being removed has to go first, and is looked after until then.
  if (host.wish.leaves === true && there.claims === 0) return removeHost(work, claim)
  const asked = work.clock.now()
  let listing: HostListing
  try {
    const driver = work.driver(host.wish.driver)
    listing = await across(work, 'list', claim.ref, () =>
      within(driver.list(targetOf(work, host), orderFor(host, claim.epoch)), LIST_MS),
    )
  } catch (thrown) {
    const fault = asFault(thrown)
    if (fault.kind === 'internal') throw thrown
    if (isThrottled(fault)) {
      await write(work, claim, putOff(host.seen, fault), work.clock.now())
      return pollMs
    }
    const seen = await silence(work, claim, there.records, { fault, asked })
    return askSilentAgain(seen, pollMs, work.clock.now())
  }
  const seen = await answer(work, claim, { ...there, asked }, listing)
  await riseAbove(work, claim, listing.watch)
  return askAgain(host, seen, listing, pollMs, RETRY_MS)
}

interface HeldThere {
  /** How many machines and all else claim something there. */
  readonly claims: number
  /** Of machines that have their place there. */
  readonly records: readonly ComputeRecord[]
  /** Ids of all else that claims something there. */
  readonly beside: readonly string[]
}

async function heldAt(work: Work, host: string): Promise<HeldThere> {
  const [claimed] = await work.store.hostClaims([host])
  const held = Object.keys(claimed?.claims ?? {})
  const found = await work.store.readMany('compute', held)
  return {
    claims: held.length,
    records: found.filter((record) => record?.place.host === host) as ComputeRecord[],
    beside: held.filter((_id, at) => found[at] === undefined),
  }
}

async function answer(
  work: Work,
  claim: Claim<'host'>,
  { claims, records, beside, asked }: HeldThere & { readonly asked: number },
  listing: HostListing,
): Promise<HostSeen> {
  const now = work.clock.now()
  const host = claim.record
  const machines = new Map(listing.machines.map((machine) => [machine.name, machine]))
  const found = findings(records, machines, { host: host.id, boot: listing.boot }, now)
  if (found.length > 0) await across(work, 'sight', claim.ref, () => work.store.sight(found, now))
  const owners = new Map(records.map((record) => [record.wish.name, ownerOf(record)]))
  const { orphans, leftovers } = await leftoversOf(
    work,
    host,
    listing.machines.filter(({ name }) => !owners.has(name)),
  )
  const volumes = await orphanVolumes(work, { host, listing, beside, asked })
  const addresses = await compareAddresses(work, beside, listing.addresses)
  const given = new Set(leftovers.map((leftover) => leftover.name))
  const cleared = listing.machines.some((machine) => given.has(machine.name) && isHarmful(machine)) ? 'no' : 'yes'
  const strays = {
    volumes: (listing.volumesThere ?? []).filter(({ name }) => volumes.includes(name)),
    addresses: addresses.orphans,
  }
  const seen = {
    ...heard(listing, [...orphans, ...volumes, ...new Set(addresses.orphans.map(({ name }) => name))], now),
    ...heardAgain(host, listing, cleared, now),
    ...(host.wish.leaves === true ? { message: notLeft(claims) } : {}),
    ...(await accountSeen(work, host, { beside, records, machines: listing.machines, orphans, ...strays }, now)),
  }
  await discardSurplus(work, host, listing.surplus)
  await write(work, claim, seen, now)
  await stopAtBudget(work, host, seen, records)
  await keepUsage(work, host.id, listing.usage, { owners, at: now })
  await tell(work, [...found.filter((finding) => finding.wake).map((finding) => finding.ref), ...addresses.woken])
  await wakeReturning(work, host, records)
  for (const leftover of leftovers.slice(0, LEFTOVERS)) await clearLeftover(work, host, leftover)
  return seen
}

const notLeft = (claims: number): string =>
  `it cannot be left: ${claims} machines, volumes and addresses have their place on it`

const ownerOf = ({ project, wish }: ComputeRecord): Owner => ({
  project: project ?? '',
  isAdopted: wish.adopted !== undefined,
})

async function silence(
  work: Work,
  claim: Claim<'host'>,
  records: readonly ComputeRecord[],
  { fault, asked }: { readonly fault: Fault; readonly asked: number },
): Promise<HostSeen> {
  const now = work.clock.now()
  const isDistrusted = fault.detail.reason === 'host-key-changed'
  const distrusted = isDistrusted
    ? (claim.record.seen.distrusted ?? { at: now })
    : (claim.record.seen.distrusted ?? null)
  const seen = { ...missed(claim.record.seen, fault, asked, now), distrusted }
  if (seen.contact === 'lost') {
    const lost = lostContact(records)
    if (lost.length > 0) await across(work, 'sight', claim.ref, () => work.store.sight(lost, now))
  }
  if (seen.contact !== claim.record.seen.contact)
    work.log.warn({ host: claim.record.wish.name, fault: fault.kind, unknown: outcomeUnknown(fault) }, 'host lost')
  if (await fence(work, claim, seen, records)) return seen
  await write(work, claim, seen, now)
  await tellMachines(work, seen, records)
  return seen
}

/** Written where something differs, and every now and then to say that it was looked at. */
async function write(work: Work, claim: Claim<'host'>, seen: HostSeen, now: number): Promise<void> {
  const before = claim.record.seen
  const differs = hostDiffers(before, seen)
  // Time is handed back to a host only once it is written, and its watch ends only once that is forgotten.
  const isGranted = Boolean(seen.grant ?? before.grant)
  if (!differs && !isGranted && (seen.contact !== 'ok' || now - before.at < REFRESH_MS)) return
  const isAlarm = isNews(before.alarm, seen.alarm)
  const what = isAlarm ? 'provider-budget-alarm' : differs ? `host-${seen.contact}` : ''
  await across(work, 'result', claim.ref, () => work.store.observe(claim, { seen, what }, now))
  if (differs)
    work.log.info({ host: claim.record.wish.name, epoch: formatEpoch(claim.epoch), contact: seen.contact }, 'host seen')
  if (opensRoom(before, seen)) await wakePlacement(work, now)
}

async function wakePlacement(work: Work, now: number): Promise<void> {
  const ref = { kind: 'placement', id: 'site' } as const
  if ((await work.store.waiting(1)).length === 0) return
  await work.store.wake([ref], now)
  await work.queue.add([ref])
}

const tell = async (work: Work, refs: Parameters<Work['queue']['add']>[0]): Promise<void> => {
  if (refs.length > 0) await work.queue.add(refs)
}
