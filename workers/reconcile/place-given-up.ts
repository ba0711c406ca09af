/**
 * Giving up a place, and what follows it: another place, failure, or the end. Pure.
 *
 * A place for which the journal holds no intent is given up by the new claim alone: an older worker can no longer write an
 * intent, and without one it may send nothing but looks. Any other only after a look by this claim's epoch showed that
 * nothing is left, or when an operator said that what is left may be forgotten.
 */
import type { HostId } from '../../src/model/ids'
import { hasFailed } from '../../src/model/lifecycle'
import { wantsPlace } from '../../src/model/placement'
import {
  type ComputeJournal,
  type ComputePlace,
  type ComputeRecord,
  type ComputeSeen,
  heldInterfaces,
  type InterfaceWish,
  membershipReleases,
} from '../../src/model/records'
import type { Counter, Observation } from '../../src/store/store'
import { displaced, HOST_TRIES, isRefusal } from './journal'
import { goesDown } from './plan'
import { startsAgain } from './seen'

export const NO_PLACE: ComputePlace = { host: null, hostName: null, zone: null, simulated: false, at: 0, waiting: null }

/** An operator gave up what cannot be undone on its host. */
export const isAbandoned = ({ wish, journal }: ComputeRecord): boolean =>
  wish.abandoned && (!wish.exists || journal.stuck !== null)

/** Whether the place can be given up without asking its host. */
export const mayLeaveUnasked = (record: ComputeRecord): boolean =>
  goesDown(record) && (record.journal.intent === null || isAbandoned(record))

/** What a machine's end gives back to its project. */
export const givesBack = ({ project, wish }: ComputeRecord): readonly Counter[] =>
  project === null
    ? []
    : [
        { project, name: 'instances', by: -1 },
        { project, name: 'cores', by: -wish.size.cores },
        { project, name: 'memoryMiB', by: -wish.size.memoryMiB },
        ...(wish.countedGiB === undefined ? [] : [{ project, name: 'volumeGiB', by: -wish.countedGiB } as const]),
      ]

/** Addresses, of networks and of interfaces, are free again as soon as the machine is gone. */
export const leasesOf = (record: ComputeRecord): readonly { hash: string; field: string }[] =>
  leasesOfInterfaces(heldInterfaces(record))

/** Of these interfaces alone. */
export const leasesOfInterfaces = (interfaces: readonly InterfaceWish[]): readonly { hash: string; field: string }[] =>
  interfaces.flatMap(({ network, address, mac }) => [
    ...(address === null ? [] : [{ hash: `leases:${network}`, field: address }]),
    { hash: 'macs', field: mac },
  ])

/** Names that the record holds until it is forgotten. */
export const namesOf = ({ wish }: ComputeRecord): readonly { hash: string; field: string }[] => [
  { hash: 'names', field: wish.name },
]

/** `seen` of a machine that is on no host. */
const nowhere = ({ object: _gone, unbegun: _was, ...seen }: ComputeSeen, now: number): ComputeSeen => ({
  ...seen,
  at: now,
  host: null,
  contact: 'ok',
  machine: null,
  hostBoot: null,
})

/** The end of a deleted machine: nothing is left anywhere, its project's counters and addresses are free. */
export function gone(record: ComputeRecord, now: number): Observation {
  return {
    seen: { ...nowhere(record.seen, now), goneAt: now },
    journal: displaced(record.journal),
    raisePhase: true,
    // It was deleted while its job, which did not know yet, put it before placement.
    waits: false,
    counters: givesBack(record),
    releases: [...leasesOf(record), ...membershipReleases(record)],
    what: 'compute-gone',
  }
}

/** Gives the place up: a deleted machine is gone with it, one that was refused waits for another or has failed. */
export function givenUp(record: ComputeRecord, host: string, now: number): Observation {
  if (!record.wish.exists) return { ...gone(record, now), giveUpPlace: { host, place: NO_PLACE, wait: false } }
  const journal = refusedEverywhere(displaced(record.journal), record, now)
  const after = { ...record, journal, place: NO_PLACE }
  return {
    seen: nowhere(record.seen, now),
    journal,
    raisePhase: true,
    // One rule for who waits: an older failure that an operator resumed is still in the journal, and is none.
    giveUpPlace: { host, place: NO_PLACE, wait: wantsPlace(after) },
    what: hasFailed(after) ? 'compute-failed' : 'compute-displaced',
  }
}

/**
 * It is gone from its provider and nobody here ended it: it has failed, and nothing is left of which the place could be. So what it costs
 * ends too, and nothing is made in its stead unless an operator says so; what is made then is started. Where its provider merely stopped to show it, that is written down.
 */
export const lost = (record: ComputeRecord, host: HostId, message: string, now: number): Observation => ({
  seen: {
    ...nowhere(record.seen, now),
    starts: startsAgain(record),
    ...(record.journal.failed?.unshown ? { lost: { host, object: record.seen.object ?? null } } : {}),
  },
  journal: { ...displaced(record.journal), failed: { message, at: now, retries: record.wish.retries } },
  raisePhase: true,
  giveUpPlace: { host, place: NO_PLACE, wait: false },
  what: 'compute-lost',
})

function refusedEverywhere(journal: ComputeJournal, { wish }: ComputeRecord, now: number): ComputeJournal {
  // Room is waited for, also where it is used up for a while.
  const refusals = journal.avoid.filter(isRefusal)
  const last = refusals.at(-1)
  if (refusals.length < HOST_TRIES || !last) return journal
  const message = `${refusals.length} hosts refused it; the last one said: ${last.because}`
  return { ...journal, avoid: [], failed: { message, at: now, retries: wish.retries } }
}
