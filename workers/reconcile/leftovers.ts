/**
 * What a host has that bears our mark and has no place there.
 *
 * Without a record it is an orphan: told to the operator, never touched. With a record that has its place elsewhere and no word of this host in
 * its journal, it is a leftover, removed under a claim of that machine, which fences everybody else, and after a guarded look; but only if
 *
 *   - it was deleted, or has no place: nothing of it may be anywhere,
 *   - or this host was given up with it: it may run elsewhere any moment,
 *   - or there is something of it at its place, by a look there: then this is a second copy.
 *
 * Two things are kept whatever is at the place, for they may be the machine itself: what its provider calls by the same id as what is at its
 * place, for two accounts here may be one there; and what was lost because a provider did not show it, and is shown again.
 *
 * Else the record may be older than the machine (a restored backup names the host where it was then), and this may be all that is left of it:
 * it is kept, runs on, and is told in the log. It can do no harm as a second copy, for there is no first one.
 */
import { asFault } from '../../src/faults'
import { formatEpoch } from '../../src/model/epoch'
import type { MachineSighting } from '../../src/model/machine'
import { isSameAccount } from '../../src/model/providers/same-account'
import type { ComputeRecord, HostRecord } from '../../src/model/records'
import type { StorageRecord } from '../../src/model/storage'
import type { Claim } from '../../src/store/store'
import type { Driver, HostListing, HostTarget } from '../drivers/driver'
import { formatKey } from './key'
import { isNothing } from './seen'
import { ladderOf } from './steps'
import { targetOf } from './target'
import { within } from './within'
import { across, type Work } from './work'

/** Of a machine whose record has nothing to do with this host. */
interface Leftover {
  readonly id: string
  readonly name: string
  /** Its provider's own id of it; undefined: it is at none, or tells none. */
  readonly object: string | undefined
}

interface Found {
  /** Names without a record, and of what was lost. */
  readonly orphans: readonly string[]
  /** Those of which it may be said now whether they are elsewhere. */
  readonly leftovers: readonly Leftover[]
}

/** Whether a host holds something of a machine that has no business there. */
const isLeftover = ({ place, journal }: ComputeRecord, host: string): boolean =>
  place.host !== host && place.moving?.to.host !== host && journal.intent?.host !== host

/** Whether it goes from this host whatever is at its place. */
const goesAnyway = ({ wish, place, journal }: ComputeRecord, { id, seen }: HostRecord): boolean =>
  !wish.exists || place.host === null || (Boolean(seen.fenced) && journal.left?.includes(id) === true)

/** Whether it may be what was lost because its provider did not show it. Its owner's word that it is to go is for all of it. */
const isLost = ({ wish, seen: { lost } }: ComputeRecord, host: string, object: string | undefined): boolean =>
  wish.exists && lost !== undefined && (lost.host === host || (object !== undefined && lost.object === object))

/** Whether something of it was seen where it has its place. If not, that host's jobs and its own go on looking. */
const wasSeenThere = ({ seen, place }: ComputeRecord): boolean => seen.host === place.host

/** Sorts what a list showed beyond the machines that have their place there. */
export async function leftoversOf(work: Work, host: HostRecord, machines: readonly MachineSighting[]): Promise<Found> {
  if (machines.length === 0) return { orphans: [], leftovers: [] }
  const names = machines.map((machine) => machine.name)
  const taken = await work.store.resolve('names', names)
  const ids = taken.map((ref, at) => (ref?.startsWith('compute:') ? ref.slice('compute:'.length) : machines[at]?.id))
  const records = await work.store.readMany(
    'compute',
    ids.map((id) => id ?? ''),
  )
  const strays = machines.flatMap(({ given }, at) => {
    const record = records[at]
    return record !== undefined && isLeftover(record, host.id) ? [{ record, object: given?.object }] : []
  })
  const lost = new Set(strays.flatMap(({ record, object }) => (isLost(record, host.id, object) ? [record.id] : [])))
  const doubtful = strays.filter(({ record }) => !lost.has(record.id))
  const answering = await hostsThatAnswer(
    work,
    doubtful.map(({ record }) => record),
  )
  const themselves = doubtful.filter(({ record, object }) => !goesAnyway(record, host) && isItself(record, object))
  if (themselves.length > 0)
    work.log.warn(
      { host: host.wish.name, vms: themselves.length },
      'kept: they are at their place, in the same account',
    )
  const leftovers = doubtful
    .filter((one) => !themselves.includes(one))
    .filter(({ record }) => goesAnyway(record, host) || (wasSeenThere(record) && answering.has(record.place.host)))
    .map(({ record: { id, wish }, object }) => ({ id, name: wish.name, object }))
  const orphans = names.filter((_name, at) => records[at] === undefined || lost.has(records[at].id))
  return { orphans, leftovers }
}

/** Whether it is what its provider last showed at its place. */
const isItself = ({ seen }: ComputeRecord, object: string | undefined): boolean =>
  object !== undefined && seen.object === object

/** Of the hosts where these have their place: whoever waits for a silent one lets this one wait for its next poll. */
async function hostsThatAnswer(work: Work, records: readonly ComputeRecord[]): Promise<ReadonlySet<string | null>> {
  const ids = [...new Set(records.flatMap(({ place }) => place.host ?? []))]
  const hosts = await work.store.readMany('host', ids)
  return new Set(hosts.flatMap((host) => (host?.seen.contact === 'ok' ? [host.id] : [])))
}

/**
 * Volumes on a host of which no record says that they are there: without one, or copies of one that lies elsewhere, which a broken move
 * left. Told to the operator like machines without a record, never touched: should the other host die, a copy is the last there is.
 */
export async function orphanVolumes(work: Work, listed: Listed): Promise<readonly string[]> {
  const { listing, beside } = listed
  const volumes = listing.volumes ?? []
  if (volumes.length === 0) return []
  const taken = await work.store.resolve('names', volumes)
  // What claims something on this host lies there, and what many hosts see belongs to none of them.
  const [atHome, pooled] = [new Set(beside), new Set(listing.pooled)]
  const doubtful = taken.flatMap((ref, at) => {
    const id = ref?.startsWith('storage:') ? ref.slice('storage:'.length) : ''
    return id === '' || atHome.has(id) || pooled.has(volumes[at] ?? '') ? [] : [id]
  })
  const records = doubtful.length === 0 ? [] : await work.store.readMany('storage', doubtful)
  const copies = new Set(records.flatMap((record) => (record && isCopy(record, listed) ? [record.wish.name] : [])))
  return volumes.filter((name, at) => taken[at] === undefined || copies.has(name))
}

/** What a host's list showed, and what was known of that host before. */
export interface Listed {
  readonly host: HostRecord
  readonly listing: Pick<HostListing, 'volumes' | 'pooled'>
  /** Ids of all that claims something there, but for machines. */
  readonly beside: readonly string[]
  /** When the list was asked for, ms. */
  readonly asked: number
}

/** It lay elsewhere when the list was asked for, and no move is under way. Of what lies at a provider its own list tells. */
const isCopy = ({ place, seen, journal }: StorageRecord, { host, asked }: Listed): boolean =>
  host.wish.provider === undefined &&
  place.host !== null &&
  place.host !== host.id &&
  place.at < asked &&
  (seen.pool ?? null) === null &&
  journal.moving === undefined

/** One step of removing a leftover, at most one look and one effect; the next poll goes on. */
export async function clearLeftover(work: Work, host: HostRecord, { id, object }: Leftover): Promise<void> {
  const ref = { kind: 'compute', id } as const
  const claim = await across(work, 'claim', ref, () => work.store.claim('compute', id, work.clock.now()))
  if (!claim) return
  try {
    const { record } = claim
    const isIts = isLeftover(record, host.id) && !isLost(record, host.id, object)
    const first = isIts && !goesAnyway(record, host) ? await atItsPlace(work, claim, host) : undefined
    if (isIts && (goesAnyway(record, host) || first !== undefined)) await remove(work, claim, host, first)
  } catch (thrown) {
    const fault = asFault(thrown)
    if (fault.kind === 'internal') throw thrown
    work.log.warn({ vm: claim.record.wish.name, host: host.wish.name, fault: fault.kind }, 'leftover not removed')
  }
  // The claim took the machine from its own job: that one begins anew.
  const now = work.clock.now()
  await work.store.settle(claim, now, now)
  await work.queue.add([ref])
}

/** ms: this host's next poll waits for it. */
const LOOK_MS = 5_000

/**
 * What is at its place; undefined: nothing, or this host is the same account, where all of it is at its place. Faults thrown: the driver's.
 * Where its own host does not answer nobody knows, and nothing is removed.
 */
async function atItsPlace(
  work: Work,
  claim: Claim<'compute'>,
  found: HostRecord,
): Promise<MachineSighting | undefined> {
  const { place, wish } = claim.record
  const own = place.host === null ? undefined : await work.store.read('host', place.host)
  if (own === undefined) return undefined
  if (isSameAccount(own.wish, found.wish)) return kept(work, claim, found, 'its place is in the same account')
  const ticket = { resource: wish.name, epoch: claim.epoch }
  const driver = work.driver(own.wish.driver)
  const machine = await across(work, 'look', claim.ref, () => within(driver.find(targetOf(work, own), ticket), LOOK_MS))
  return isNothing(machine) ? kept(work, claim, found, 'nothing of it is at its place') : machine
}

function kept(work: Work, { record }: Claim<'compute'>, found: HostRecord, because: string): undefined {
  const { wish, place } = record
  work.log.warn({ vm: wish.name, host: found.wish.name, place: place.hostName }, `kept: ${because}`)
}

/** `first`: what is at its place, if that is to be there. */
async function remove(
  work: Work,
  claim: Claim<'compute'>,
  host: HostRecord,
  first: MachineSighting | undefined,
): Promise<void> {
  const driver = work.driver(host.wish.driver)
  const target = targetOf(work, host)
  const ticket = { resource: claim.record.wish.name, epoch: claim.epoch }
  const machine = await across(work, 'look', claim.ref, () => within(driver.find(target, ticket)))
  // Of one driver all ids are of one kind: at two providers they may be the same by chance, and then it is kept as well.
  const object = machine.given?.object
  if (object !== undefined && object === first?.given?.object)
    return kept(work, claim, host, 'it is the very one that is at its place')
  await removeOne(work, claim, { driver, target, machine })
}

/** One step down of what a look by this claim showed; false: nothing is left to remove. Faults: the driver's. */
export async function removeOne(
  work: Work,
  claim: Claim<'compute'>,
  {
    driver,
    target,
    machine,
  }: { readonly driver: Driver; readonly target: HostTarget; readonly machine: MachineSighting },
): Promise<boolean> {
  const { record } = claim
  const ticket = { resource: record.wish.name, epoch: claim.epoch }
  // Each claim looks anew: nothing is known of what a former one did.
  const attempt = formatEpoch(claim.epoch)
  const key = formatKey({ id: record.id, step: 'leftover', direction: 'down', attempt })
  if (machine.work !== null) {
    const cancelled = machine.work.key
    await across(work, 'act', claim.ref, () => within(driver.cancel(target, { ...ticket, key: cancelled })))
    return true
  }
  // A disk on shared storage is the machine's own, wherever it is now.
  const here = { ...machine, disks: machine.disks.filter((disk) => disk.pool === undefined) }
  const step = ladderOf(machine)
    .toReversed()
    .find((candidate) => candidate.leaves(record, here) !== undefined)
  const item = step?.leaves(record, here)
  if (step === undefined || item === undefined) return false
  const call = {
    driver,
    host: target,
    ticket: { ...ticket, key },
    record,
    site: work.store.site,
    item,
    image: async () => undefined,
    network: async () => undefined,
    unseal: work.unseal,
  }
  await across(work, 'act', claim.ref, () => within(step.down(call)))
  work.log.info({ vm: record.wish.name, host: target.name, step: step.name, item }, 'leftover removed')
  return true
}
