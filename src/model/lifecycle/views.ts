/** How each front names the states: pure views, never stored. */
import type { Waiting } from '../compute-place'
import type { Parked } from '../records'
import { allowedVerbs, type ComputeVerb, keptAside } from './accepts'
import { type ComputeView, hasFailed, hasGivenUp, isStuck, type Lifecycle, lastKnown, lifecycle } from './name'

export interface Ec2State {
  readonly code: 0 | 16 | 32 | 48 | 64 | 80
  readonly name: 'pending' | 'running' | 'shutting-down' | 'terminated' | 'stopping' | 'stopped'
}

const EC2: Record<Lifecycle, Ec2State> = {
  pending: { code: 0, name: 'pending' },
  held: { code: 0, name: 'pending' },
  reserved: { code: 0, name: 'pending' },
  preparing: { code: 0, name: 'pending' },
  booting: { code: 0, name: 'pending' },
  running: { code: 16, name: 'running' },
  migrating: { code: 16, name: 'running' },
  saving: { code: 64, name: 'stopping' },
  stopping: { code: 64, name: 'stopping' },
  suspended: { code: 80, name: 'stopped' },
  stopped: { code: 80, name: 'stopped' },
  poweroff: { code: 80, name: 'stopped' },
  undeployed: { code: 80, name: 'stopped' },
  unknown: { code: 0, name: 'pending' },
  failed: { code: 0, name: 'pending' },
  done: { code: 48, name: 'terminated' },
}

/** Callers are shown what a machine that is being moved is to its guest: it runs, or it is off. */
const asIfAtRest = (view: ComputeView, name: Lifecycle): Lifecycle => {
  if (name !== 'migrating' || view.place.moving?.ran) return name
  return view.wish.power === 'suspended' ? 'suspended' : 'poweroff'
}

/** EC2's state: an unknown or failed machine keeps its last known one, so failed is never shown as terminated. */
export function ec2State(view: ComputeView): Ec2State {
  const name = asIfAtRest(view, lastKnown(view))
  return name === 'stopping' && !view.wish.exists ? { code: 32, name: 'shutting-down' } : EC2[name]
}

/** EC2's status check of the instance: impaired when its host is silent or the machine failed. */
export function ec2Status(view: ComputeView): 'ok' | 'impaired' | 'initializing' | 'not-applicable' {
  const name = lifecycle(view)
  if (name === 'unknown' || name === 'failed') return 'impaired'
  if (name === 'running' || (name === 'migrating' && view.place.moving?.ran)) return 'ok'
  return name === 'preparing' || name === 'booting' ? 'initializing' : 'not-applicable'
}

export type OcciState = 'active' | 'inactive' | 'suspended' | 'error'

const OCCI: Record<Lifecycle, OcciState> = {
  pending: 'inactive',
  held: 'inactive',
  reserved: 'inactive',
  preparing: 'inactive',
  booting: 'inactive',
  stopping: 'inactive',
  poweroff: 'inactive',
  undeployed: 'inactive',
  running: 'active',
  migrating: 'active',
  saving: 'active',
  suspended: 'suspended',
  stopped: 'suspended',
  unknown: 'error',
  failed: 'error',
  done: 'inactive',
}

/** occi.compute.state (GFD.224 §3.1). */
export const occiState = (view: ComputeView): OcciState => OCCI[asIfAtRest(view, lifecycle(view))]

type Term = 'start' | 'stop' | 'restart' | 'suspend' | 'save'

/** OCCI action terms that apply now (GFD.223: an entity names only those). */
export function occiActions(view: ComputeView): readonly Term[] {
  const verbs = allowedVerbs(lifecycle(view))
  const terms = (['start', 'stop', 'restart', 'suspend'] as const).filter(
    (term: ComputeVerb) => verbs.includes(term) || keptAside(term, view) !== undefined,
  )
  return isSavable(view) ? [...terms, 'save'] : terms
}

/** Whether an image can be made of its disk now: at rest or running, and it has run (GFD.224 §3.1.2, action save). */
const isSavable = (view: ComputeView): boolean =>
  view.seen.startedAt !== null &&
  view.wish.disks.length > 0 &&
  ['running', 'suspended', 'poweroff'].includes(lifecycle(view))

/** Why a machine is off at its provider that nobody here stopped; null: its guest shut it down, or it is none of those. */
export function stoppedThere({ wish, seen: { machine } }: ComputeView): string | null {
  if (!machine?.whole || wish.power !== 'on') return null
  switch (machine.ended?.by) {
    case 'guest':
      return null
    case 'account':
      return 'it was stopped at its provider, and nobody here ordered that'
    case 'provider':
      return 'its provider stopped it'
    default:
      return 'it is off at its provider, and nobody here ordered that: its guest or somebody there did'
  }
}

/** The owner is told the truth, and not whose reservation it is. */
function parkedMessage({ wish }: ComputeView, { how, by }: Parked, waiting: Waiting | null): string {
  const what = how === 'saved' ? 'its memory is saved' : 'it was shut down'
  const why =
    by === '' && wish.lease?.over !== undefined ? 'the time of its lease is over' : 'it gave its place to a reservation'
  const gave = `${why}: ${what}, and it goes on when there is room`
  return waiting === null ? gave : `${gave}; ${waitingMessage(waiting)}`
}

/** What is said of a host that cannot be reached names it or its address; operators read that in the machine's journal. */
const UNHEARD: ReadonlyMap<string, string> = new Map([
  ['unreachable', 'its host cannot be reached'],
  ['timeout', 'its host does not answer in time'],
])

/**
 * Why it is as it is, for tenants: counts of hosts, never their names. null when there is nothing to tell.
 * Shown as occi.compute.state.message, EC2's StateReason, in the CLI.
 */
export function stateMessage(view: ComputeView): string | null {
  const { journal, place } = view
  const name = lifecycle(view)
  if (name === 'failed' && hasGivenUp(view) && place.waiting) return gaveUpMessage(place.waiting)
  if (name === 'failed' && journal.failed) return journal.failed.message
  if (isStuck(view) && journal.stuck)
    return `${journal.stuck.step} cannot be undone: ${journal.stuck.message}; an operator was told`
  if (name === 'unknown')
    return journal.trouble?.kind === 'fenced'
      ? journal.trouble.message
      : 'its host does not answer; its state is the last one known'
  if (name === 'migrating') return 'it is being moved to another host'
  if (place.parked && view.wish.exists && view.wish.power === 'on')
    return parkedMessage(view, place.parked, place.waiting)
  if ((name === 'pending' || name === 'reserved') && place.waiting) return waitingMessage(place.waiting)
  if (journal.trouble && (name !== 'running' || journal.trouble.step === 'publish')) {
    const { kind, step, message } = journal.trouble
    return `${step}: ${UNHEARD.get(kind) ?? message}${kind === 'told' ? '' : '; it is tried again'}`
  }
  const there = name === 'poweroff' || name === 'suspended' ? stoppedThere(view) : null
  if (there !== null) return there
  return hasFailed(view) ? null : place.simulated ? 'on a simulated host' : null
}

const countsOf = ({ reasons }: Waiting): string =>
  Object.entries(reasons)
    .map(([reason, hosts]) => `${reason} (${hosts} ${hosts === 1 ? 'host' : 'hosts'})`)
    .join(', ') || 'no host is enabled'

/** `2026-11-22 08:00:00Z` */
const moment = (at: number): string => `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')}Z`

/** Of one with terms: what was planned, and when it begins. */
function plannedMessage({ says, at }: NonNullable<Waiting['lease']>, ahead: number): string {
  const begins = at === null ? [] : [`it begins at ${moment(at)} at the earliest`]
  return [says, ...begins, ...(ahead === 0 ? [] : [`${ahead} wait before it`])].join('; ')
}

function waitingMessage(waiting: Waiting): string {
  const { wouldFit, ahead = 0 } = waiting
  if (waiting.lease) return plannedMessage(waiting.lease, ahead)
  return [
    `waits for a place: ${countsOf(waiting)}`,
    ...(wouldFit === '' ? [] : [wouldFit]),
    ...(ahead === 0 ? [] : [`${ahead >= 10 ? `about ${ahead}` : ahead} wait before it`]),
  ].join('; ')
}

const UNITS = [
  [86_400, 'd'],
  [3600, 'h'],
  [60, 'min'],
] as const

/** 5400 as `90 min`: in the largest unit of which it is a whole number. */
function lasting(seconds: number): string {
  const unit = UNITS.find(([length]) => seconds >= length && seconds % length === 0)
  return unit === undefined ? `${seconds} s` : `${seconds / unit[0]} ${unit[1]}`
}

const gaveUpMessage = (waiting: Waiting): string =>
  waiting.gaveUp?.refused ??
  `it waited for a place for ${lasting(waiting.gaveUp?.afterSeconds ?? 0)}, as long as its project lets a machine wait: ${countsOf(waiting)}`
