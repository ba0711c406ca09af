/**
 * What to do next for a machine that has a place: a pure function of its record and of one guarded look at it.
 *
 * The record's `seen` is that of this look already (seen.ts). A plan is at most one effect; the job that carries it out
 * comes back for the next. The same decision again, while its outcome is unknown, repeats its intent under the same key;
 * a look by a newer epoch has ended whatever an older one had attached, so any other decision may follow at once.
 */
import { isUnsettled } from '../../src/model/intents'
import { hasFailed, wantedPower } from '../../src/model/lifecycle'
import type { MachineSighting } from '../../src/model/machine'
import type { ComputeRecord, Intent } from '../../src/model/records'
import { isSnapshotKey } from '../../src/model/storage'
import { GRACE_MS, LOOK_AGAIN_MS } from './backoff'
import { parseKey } from './key'
import { endedByItself, runs } from './seen'
import { groundworkOf, type KnownStep, ladderOf } from './steps'
import { attach, unwantedVolume } from './steps/attach'
import { connect, unwantedInterface } from './steps/connect'
import { isThere } from './steps/disk'
import { publish } from './steps/publish'
import { resize } from './steps/resize'
import { rules } from './steps/rules'
import { isRetried, isShownAgain, type Vanishing, vanishing } from './vanished'

/** One effect to bring about. */
export interface Deed {
  readonly step: KnownStep
  readonly direction: 'up' | 'down'
  readonly item: string
  /** The effect that it follows without a look. */
  readonly follows?: NonNullable<Intent['follows']>
}

export type Decision =
  | ({ readonly kind: 'do' } & Deed)
  /** End detached work that nobody wants any more. */
  | { readonly kind: 'cancel'; readonly key: string; readonly because: string | null }
  /** Detached work that is wanted is under way. */
  | { readonly kind: 'wait'; readonly ms: number }
  /** It cannot become what its owner wants; an operator must know. */
  | { readonly kind: 'fail'; readonly message: string; readonly unshown?: true }
  /** Its provider ended it before it ran: as if it had refused the order. */
  | { readonly kind: 'refused'; readonly message: string }
  /** It is gone from its provider for good: it has failed, and its place can be given up. */
  | { readonly kind: 'lost'; readonly message: string }
  /** Nothing of it is left here: its place can be given up. */
  | { readonly kind: 'leave' }
  /** It stopped by itself and its owner wants it gone then: the wish for its end is to be made. */
  | { readonly kind: 'end' }
  /** It is as its owner wants it. */
  | { readonly kind: 'nothing' }

/** Refusals of a graceful stop, in a row, after which the power is cut. */
const ASKED_ENOUGH = 3

/** Whether this host refused it, so that all of it is undone here and another host is looked for. */
export const isUndoing = ({ journal, place }: ComputeRecord): boolean =>
  journal.avoid.some(
    ({ host, until, offer }) =>
      host === place.host && until > place.at && (offer === undefined || offer === place.offer?.type),
  )

/** Whether the ladder is walked down: deleted, or refused here. */
export const goesDown = (record: ComputeRecord): boolean => !record.wish.exists || isUndoing(record)

const VANISHED = 'its disks are gone from its host; what was on them is lost'

export function plan(record: ComputeRecord, machine: MachineSighting, now: number): Decision {
  const deed = goesDown(record) ? downward(record, machine) : upward(record, machine, now)
  if (machine.work !== null) return withWork(record, machine.work.key, deed, now)
  if (deed === 'leave') return { kind: deed }
  if (deed === 'nothing') return { kind: endedByItself(record, machine) ? 'end' : 'nothing' }
  if (deed === 'vanished') return { kind: 'fail', message: VANISHED }
  if ('step' in deed) return { kind: 'do', ...deed }
  if (deed.kind === 'unsure') return { kind: 'wait', ms: LOOK_AGAIN_MS * 4 }
  return deed.kind === 'lost' || deed.kind === 'refused' ? deed : { kind: 'fail', message: deed.message, unshown: true }
}

function downward(record: ComputeRecord, machine: MachineSighting): Deed | 'leave' {
  for (const step of ladderOf(machine).toReversed()) {
    const item = step.leaves(record, machine)
    if (item !== undefined) return { step: step.name as KnownStep, direction: 'down', item }
  }
  return 'leave'
}

function upward(
  record: ComputeRecord,
  machine: MachineSighting,
  now: number,
): Deed | 'nothing' | 'vanished' | Vanishing {
  const gone = vanishing(record, machine, now)
  if (gone !== undefined) return gone
  if (hasFailed(record) && !isShownAgain(record, machine)) return 'nothing'
  for (const step of groundworkOf(machine)) {
    const item = step.lacks(record, machine)
    if (item === undefined) continue
    const hadIt =
      step.name === 'disk' && !isThere(machine, item) && record.seen.startedAt !== null && !isRetried(record)
    return hadIt ? 'vanished' : { step: step.name as KnownStep, direction: 'up', item }
  }
  const power = powered(record, machine, now)
  return beforePower(record, machine, power) ?? power
}

/**
 * Interfaces with their rules, addresses and volumes are there before the guest boots; a stop, suspension or restart does not wait for
 * them. What is refused again and again lets the others go first, rules aside, without which nothing starts. An address goes before
 * the interface that it led to, and comes after it.
 */
function beforePower(record: ComputeRecord, machine: MachineSighting, power: Deed | 'nothing'): Deed | undefined {
  if (power !== 'nothing' && !starts(power)) return undefined
  // At a provider interfaces and rules come with the machine; a volume hangs on one that was made, and an address leads to it.
  if (machine.whole) return soonest(record, power, [addressDeed(record, machine), volumeDeed(record, machine)])
  const [wire, address, volume] = [
    interfaceDeed(record, machine),
    addressDeed(record, machine),
    volumeDeed(record, machine),
  ]
  const traffic = rules.lacks(record, machine)
  const filter: Deed | undefined = traffic === undefined ? undefined : { step: 'rules', direction: 'up', item: traffic }
  const inOrder = wire?.direction === 'down' ? [address, wire, filter, volume] : [wire, filter, address, volume]
  return soonest(record, power, inOrder)
}

function soonest(
  record: ComputeRecord,
  power: Deed | 'nothing',
  inOrder: readonly (Deed | undefined)[],
): Deed | undefined {
  const deeds = inOrder.filter((deed) => deed !== undefined)
  return deeds.find((deed) => !isHeldUp(record, deed)) ?? (power === 'nothing' ? deeds[0] : undefined)
}

/** An interface to disconnect or to connect; nothing while its memory lies in a file, which knows the devices that it had. */
function interfaceDeed(record: ComputeRecord, machine: MachineSighting): Deed | undefined {
  if (machine.domain === 'saved') return undefined
  const unwanted = unwantedInterface(record, machine)
  if (unwanted !== undefined) return { step: 'connect', direction: 'down', item: unwanted }
  const wanted = connect.lacks(record, machine)
  return wanted === undefined ? undefined : { step: 'connect', direction: 'up', item: wanted }
}

function addressDeed(record: ComputeRecord, machine: MachineSighting): Deed | undefined {
  const item = publish.lacks(record, machine)
  return item === undefined ? undefined : { step: 'publish', direction: 'up', item }
}

/** A volume to take off or to hang on; nothing while its memory lies in a file, which knows the devices that it had. */
function volumeDeed(record: ComputeRecord, machine: MachineSighting): Deed | undefined {
  if (machine.domain === 'saved') return undefined
  const unwanted = unwantedVolume(record, machine)
  if (unwanted !== undefined) return { step: 'attach', direction: 'down', item: unwanted }
  const wanted = attach.lacks(record, machine)
  return wanted === undefined ? undefined : { step: 'attach', direction: 'up', item: wanted }
}

/** Refusals of a device or address, in a row, after which a machine starts without it; it is tried again while it runs. */
const TRIES_BEFORE_START = 3

const isHeldUp = ({ journal }: ComputeRecord, { step }: Deed): boolean =>
  step !== 'rules' && journal.intent?.step === step && journal.failures >= TRIES_BEFORE_START

export const starts = ({ step, direction }: Deed): boolean => step === 'power' && direction === 'up'

function powered(record: ComputeRecord, machine: MachineSighting, now: number): Deed | 'nothing' {
  const { wish, seen } = record
  switch (wantedPower(record)) {
    case 'on':
      if (!runs(machine)) return seen.starts < wish.starts ? { step: 'power', direction: 'up', item: 'on' } : 'nothing'
      if (wish.resets > seen.resets) return { step: 'reset', direction: 'up', item: 'again' }
      if (wish.boots > seen.boots) return { step: 'reboot', direction: 'up', item: 'again' }
      return resized(record, machine)
    case 'off':
      return runs(machine) ? { step: 'power', direction: 'down', item: stopHow(record, now) } : 'nothing'
    case 'suspended':
      return runs(machine) ? { step: 'suspend', direction: 'up', item: 'memory' } : 'nothing'
  }
}

function resized(record: ComputeRecord, machine: MachineSighting): Deed | 'nothing' {
  const item = machine.whole ? undefined : resize.lacks(record, machine)
  return item === undefined ? 'nothing' : { step: 'resize', direction: 'up', item }
}

/** A guest is asked first; one that refuses or takes too long is cut: EC2's callers count on a stop to come true. */
function stopHow(record: ComputeRecord, now: number): 'graceful' | 'hard' {
  return record.wish.how === 'hard' || whyCut(record, now) !== null ? 'hard' : 'graceful'
}

/** Why the guest is not asked (any longer) to shut down, as a text for its owner; null: it is asked. */
export function whyCut({ journal, place }: ComputeRecord, now: number): string | null {
  const { intent, failures } = journal
  if (intent === null || intent.host !== place.host || intent.step !== 'power' || intent.direction !== 'down')
    return null
  if (intent.item === 'hard') return intent.outcome === 'done' ? null : (journal.trouble?.message ?? 'its power is cut')
  if (now - intent.at >= GRACE_MS) return 'the guest did not shut down within 5 minutes: its power is cut'
  return failures >= ASKED_ENOUGH ? 'the guest cannot be asked to shut down: its power is cut' : null
}

/** Detached work goes on if it is what is wanted now; else it is ended first. */
function withWork(
  record: ComputeRecord,
  key: string,
  deed: ReturnType<typeof upward> | 'leave',
  now: number,
): Decision {
  // Its disk is being copied: nobody's to end, and through before long.
  if (isSnapshotKey(key)) return { kind: 'wait', ms: LOOK_AGAIN_MS }
  const wanted = typeof deed === 'string' || !('step' in deed) ? null : deed
  // A restart brings it up again by itself.
  if (wanted !== null && starts(wanted) && isRestart(record.journal.intent, key))
    return { kind: 'wait', ms: LOOK_AGAIN_MS }
  if (wanted !== null && isWorkOf(record.journal.intent, key, wanted)) return { kind: 'wait', ms: LOOK_AGAIN_MS }
  return { kind: 'cancel', key, because: wanted?.item === 'hard' ? whyCut(record, now) : null }
}

const isRestart = (intent: Intent | null, key: string): boolean =>
  intent?.key === key && (intent.step === 'reboot' || intent.step === 'reset')

function isWorkOf(intent: Intent | null, key: string, deed: Deed): boolean {
  if (intent?.key === key) return isSame(intent, deed)
  const parts = parseKey(key)
  return parts?.step === deed.step && parts.direction === deed.direction && deed.item !== 'hard'
}

/** What an intent is of: a deed, or a move to another host. */
export type Announceable = Pick<Intent, 'step' | 'direction' | 'item'>

const isSame = (intent: Intent, deed: Announceable): boolean =>
  intent.step === deed.step && intent.direction === deed.direction && intent.item === deed.item

/** The intent that a deed repeats because its outcome is unknown: it must then keep its key. */
export function repeated(
  { journal, place }: ComputeRecord,
  deed: Announceable,
  boot: string | null,
): Intent | undefined {
  const { intent } = journal
  if (intent === null || intent.host !== place.host || intent.boot !== boot || !isSame(intent, deed)) return undefined
  return isUnsettled(intent) ? intent : undefined
}

/** What is told of a deed that its host says is done, and does not show. */
export const UNTRUE = 'its host says that this is done, and does not show it'

/**
 * Whether the host said of this very deed that it is done, and a look does not show it. A machine that was changed by other
 * hands, or a host that does not tell the truth, must not be worked on without a pause.
 */
export const isUntrue = ({ journal, place, wish }: ComputeRecord, deed: Deed, boot: string | null): boolean => {
  const { intent, trouble } = journal
  if (intent === null || intent.host !== place.host || intent.boot !== boot) return false
  // What followed it unseen was refused: there was nothing to follow.
  if (journal.doubted?.step === deed.step && journal.doubted.item === deed.item) return true
  if (intent.outcome !== 'done' && trouble?.message !== UNTRUE) return false
  const { starts, boots, resets } = intent.levels
  return isSame(intent, deed) && starts === wish.starts && boots === wish.boots && resets === wish.resets
}
