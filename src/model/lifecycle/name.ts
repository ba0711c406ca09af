/**
 * The life cycle name of a machine: a pure view of what is wanted, what was seen, what is in the journal and where its
 * place is. Never stored.
 */
import type { ComputeRecord, Power } from '../records'

export const LIFECYCLE = [
  'pending',
  'held',
  'reserved',
  'preparing',
  'booting',
  'running',
  'migrating',
  'saving',
  'suspended',
  'stopped',
  'stopping',
  'poweroff',
  'undeployed',
  'unknown',
  'failed',
  'done',
] as const
export type Lifecycle = (typeof LIFECYCLE)[number]

/** What of a record decides its name. */
export type ComputeView = Pick<ComputeRecord, 'wish' | 'seen' | 'journal' | 'place'>

/** Whether it waited for a place for as long as its project lets it, and no operator has ordered another try since. */
export const hasGivenUp = ({ wish, place }: Pick<ComputeView, 'wish' | 'place'>): boolean =>
  place.waiting?.gaveUp?.retries === wish.retries

/** Whether the machine failed and no operator has ordered another try since. */
export const hasFailed = (view: ComputeView): boolean =>
  hasGivenUp(view) || (view.journal.failed !== null && view.journal.failed.retries === view.wish.retries)

/** Whether a `down` is stuck and no operator has ordered another try since. */
export const isStuck = ({ wish, journal }: ComputeView): boolean =>
  journal.stuck !== null && journal.stuck.retries === wish.retries

/** Whether the last start order was fulfilled: a machine that is off although it was stopped by itself. */
const startFulfilled = ({ wish, seen }: ComputeView): boolean => seen.starts >= wish.starts

/** What is wanted of its power for now: a machine that gave its place away is saved, or off, while its owner wants it on. */
export const wantedPower = ({ wish, place }: Pick<ComputeView, 'wish' | 'place'>): Power =>
  wish.power === 'on' && place.parked ? (place.parked.how === 'saved' ? 'suspended' : 'off') : wish.power

/** The name now. */
export function lifecycle(view: ComputeView): Lifecycle {
  if (!view.wish.exists) return view.seen.goneAt === null ? 'stopping' : 'done'
  if (hasFailed(view)) return 'failed'
  if (view.place.host !== null && view.seen.contact === 'lost') return 'unknown'
  return lastKnown(view)
}

/** A place was promised to it for later, or it waits for one. */
const awaiting = ({ lease }: ComputeView['place']): Lifecycle => (lease?.booked?.length ? 'reserved' : 'pending')

/** It ran, and failed so that nothing is left of it anywhere: nobody waits for it to run. */
const isLost = ({ seen, journal, wish }: ComputeView): boolean =>
  seen.startedAt !== null && journal.failed !== null && journal.failed.retries === wish.retries

/** The name as if its host had answered and nothing had failed: what EC2 goes on showing. */
export function lastKnown(view: ComputeView): Lifecycle {
  const { wish, seen, place } = view
  if (!wish.exists) return seen.goneAt === null ? 'stopping' : 'done'
  if (place.host === null && isLost(view)) return 'undeployed'
  if (place.host === null) return wish.held ? 'held' : wish.power === 'on' ? awaiting(place) : 'undeployed'
  if (place.moving) return 'migrating'
  const domain = seen.machine?.domain ?? 'absent'
  const runs = domain === 'running' || domain === 'paused'
  switch (wantedPower(view)) {
    case 'on':
      if (runs) return 'running'
      if (startFulfilled(view)) return domain === 'saved' ? 'suspended' : 'poweroff'
      return domain === 'absent' ? 'preparing' : 'booting'
    case 'off':
      return runs ? 'stopping' : 'poweroff'
    case 'suspended':
      return runs ? 'saving' : domain === 'saved' ? 'suspended' : 'poweroff'
  }
}
