/**
 * What the journal becomes: announcing an effect, and each way in which one can come out. Pure.
 *
 * Attempts: a decision after a known outcome draws a new number; repeating an intent whose outcome is unknown keeps it, so
 * that the guard answers a kept result instead of doing the thing again. Failures are refusals in a row of one deed.
 */
import { type Fault, isThrottled } from '../../src/faults'
import { isStuck } from '../../src/model/lifecycle'
import type { ComputeJournal, ComputeRecord, Intent, Trouble } from '../../src/model/records'
import { AVOID_MS, GRACE_MS } from './backoff'
import { formatKey } from './key'
import { type Announceable, type Deed, repeated } from './plan'
import type { SeenOn } from './seen'

/** Refusals in a row of an `up` after which it is undone on this host. */
export const UP_TRIES = 3
/** Refusals in a row of a `down` after which it is stuck. */
export const DOWN_TRIES = 5
/** Hosts that may refuse a machine before it fails. */
export const HOST_TRIES = 3
/** Reason of a refusal: there is none of that type at the provider now, and another type of the same may do. */
const TYPE_EXHAUSTED = 'type-exhausted'
/** Reason of a refusal: its provider would take it, and has no room now. */
const NO_ROOM = 'no-room'
/** A trouble of this kind is told as it is: nothing is tried again. */
export const TOLD = 'told'

export interface Announced {
  readonly journal: ComputeJournal
  readonly intent: Intent
}

/** The journal with the intent of this deed: the former one again while its outcome is unknown, else a new attempt. */
export function announce(
  record: ComputeRecord,
  deed: Announceable & Pick<Deed, 'follows'>,
  on: SeenOn,
  trouble: Trouble | null,
  now: number,
): Announced {
  const { journal, wish } = record
  const open = repeated(record, deed, on.boot)
  if (open) {
    const intent: Intent = { ...open, outcome: 'open' }
    return { journal: { ...journal, intent, trouble: trouble ?? journal.trouble }, intent }
  }
  const former = journal.intent
  const attempt = journal.attempts + 1
  const intent: Intent = {
    key: formatKey({ id: record.id, step: deed.step, direction: deed.direction, attempt }),
    step: deed.step,
    direction: deed.direction,
    attempt,
    host: on.host,
    at: now,
    outcome: 'open',
    item: deed.item,
    levels: { starts: wish.starts, boots: wish.boots, resets: wish.resets, ...sizeLevel(deed, wish) },
    boot: on.boot,
    ...(deed.follows === undefined ? {} : { follows: deed.follows }),
  }
  const inARow = former?.step === deed.step && former.direction === deed.direction && former.host === on.host
  const failures = inARow && former.item === deed.item ? journal.failures : 0
  const starts = deed.step === 'power' && deed.direction === 'up'
  const kept = inARow || (journal.trouble?.kind === TOLD && !starts) ? journal.trouble : null
  return { journal: { ...journal, intent, attempts: attempt, failures, trouble: trouble ?? kept }, intent }
}

/** Of effects that give a machine its size. */
const sizeLevel = ({ step, direction }: Announceable, { size }: ComputeRecord['wish']): Partial<Intent['levels']> =>
  direction === 'up' && (step === 'define' || step === 'resize')
    ? { size: { cores: size.cores, memoryMiB: size.memoryMiB } }
    : {}

const ended = (journal: ComputeJournal, outcome: Intent['outcome']): ComputeJournal => ({
  ...journal,
  intent: journal.intent && { ...journal.intent, outcome },
})

/** The effect is done. */
export const done = (journal: ComputeJournal): ComputeJournal => ({
  ...ended(journal, 'done'),
  failures: 0,
  stuck: null,
  trouble: journal.trouble?.kind === TOLD ? journal.trouble : null,
})

/** The effect goes on, detached, under its key. */
export const underWay = (journal: ComputeJournal): ComputeJournal => ({ ...ended(journal, 'running'), failures: 0 })

/** A provider that is asked too much says so of whatever is asked, looks too. */
const THROTTLED = 'throttled'

/** No answer, or none for now: the intent stays open. The time of the first silence stays, it is what delays grow with. */
export function unanswered(journal: ComputeJournal, fault: Fault, step: Trouble['step'], now: number): ComputeJournal {
  const kind = isThrottled(fault) ? THROTTLED : fault.kind
  const again = journal.trouble?.kind === kind && (journal.trouble.step === step || kind === THROTTLED)
  return again ? journal : { ...journal, trouble: { kind, message: fault.message, step, at: now } }
}

/**
 * Its provider has something else under way with it: the intent stays open. For how long nobody there says, so after five minutes each time
 * counts as a refusal. `record` carries the journal with the intent.
 */
export function postponed(record: ComputeRecord, deed: Deed, fault: Fault, now: number): ComputeJournal {
  const { trouble } = record.journal
  const since = trouble?.kind === fault.kind && trouble.step === deed.step ? trouble.at : now
  const told: Trouble = { kind: fault.kind, message: fault.message, step: deed.step, at: since }
  const journal = now - since < GRACE_MS ? record.journal : refused(record, deed, fault, now)
  return { ...journal, trouble: told }
}

/** What is done without a machine having to go elsewhere for it: a volume stays where it is, an address or an interface comes later. */
const STAYING: ReadonlySet<Deed['step']> = new Set(['suspend', 'attach', 'connect', 'publish'])

/**
 * Whether a deed may be undone here and done elsewhere: only before the machine first ran, for its disk would be lost; and never
 * one that was taken over, for it has run all along.
 */
const mayMove = (record: ComputeRecord, deed: Deed): boolean =>
  deed.direction === 'up' &&
  !STAYING.has(deed.step) &&
  record.seen.startedAt === null &&
  record.wish.adopted === undefined

/** Whether it ends something: what is refused then is stuck, for nobody but an operator can help. */
const isEnding = (deed: Deed): boolean => deed.direction === 'down' || deed.step === 'suspend'

/** Its owner is told why it was refused, and host names are for operators, who read it beside the machine's place. */
export const unnamed = (message: string, host: string | null, as = 'its host'): string =>
  host === null
    ? message
    : message.replaceAll(new RegExp(`(?<![\\w.-])${host.replaceAll('.', '\\.')}(?![\\w-])`, 'g'), as)

/** Whether a host will not have it: one that has no room now, or none of a type, is only asked later again. */
export const isRefusal = ({ offer, full }: ComputeJournal['avoid'][number]): boolean =>
  offer === undefined && full === undefined

/** The host said no, and would again. `record` carries the journal with the intent. */
export function refused(record: ComputeRecord, deed: Deed, fault: Fault, now: number): ComputeJournal {
  const exhausted = fault.detail.reason === TYPE_EXHAUSTED ? record.place.offer?.type : undefined
  const isFull = fault.detail.reason === NO_ROOM
  const isForElsewhere = fault.detail.reason === 'elsewhere' || isFull || exhausted !== undefined
  const hopeless = fault.kind === 'unsupported' || isForElsewhere
  const failures = record.journal.failures + 1
  const message = unnamed(fault.message, record.place.hostName)
  const trouble: Trouble = { kind: fault.kind, message, step: deed.step, at: now }
  const doubted = record.journal.intent?.follows
  const journal: ComputeJournal = {
    ...ended(record.journal, 'failed'),
    failures,
    trouble,
    ...(doubted === undefined ? {} : { doubted }),
  }
  if (isEnding(deed)) {
    if (failures < DOWN_TRIES && !hopeless) return journal
    const since = isStuck(record) && journal.stuck ? journal.stuck.since : now
    return { ...journal, stuck: { since, step: deed.step, message, retries: record.wish.retries } }
  }
  if (deed.step === 'adopt' && (failures >= UP_TRIES || hopeless)) {
    const failed = { message: `it could not be taken over: ${message}`, at: now, retries: record.wish.retries }
    return { ...journal, failures: 0, failed }
  }
  const { host } = record.place
  if ((failures < UP_TRIES && !hopeless) || host === null || !mayMove(record, deed)) return journal
  const avoided = { host, until: now + AVOID_MS, because: message }
  const former = journal.avoid.filter((one) => isRefusal(one) || one.until > now)
  const entry = {
    ...avoided,
    ...(exhausted === undefined ? {} : { offer: exhausted }),
    ...(isFull ? { full: true as const } : {}),
  }
  return { ...journal, failures: 0, avoid: [...former, entry] }
}

/** A refusal that is final: told, and nothing is tried again by itself. */
export const refusedOnce = (
  record: ComputeRecord,
  fault: Fault,
  step: Trouble['step'],
  now: number,
): ComputeJournal => {
  const { hostName, moving } = record.place
  const message = unnamed(unnamed(fault.message, moving?.to.hostName ?? null, 'the other host'), hostName)
  return { ...ended(record.journal, 'failed'), failures: 0, trouble: { kind: TOLD, message, step, at: now } }
}

/** What a restart or a new size that is refused comes to: it is told and not tried for ever; the size is for the next start. */
export const isGivenUp = (journal: ComputeJournal, { step }: Deed): boolean =>
  (step === 'reboot' || step === 'reset' || step === 'resize') &&
  (journal.failures >= UP_TRIES || (step === 'resize' && journal.trouble?.kind === 'unsupported'))

const undoubted = ({ doubted: _none, ...journal }: ComputeJournal): ComputeJournal => journal

/** It is as its owner wants it: nothing is left to tell but what was told for good. */
export const settled = (journal: ComputeJournal): ComputeJournal => ({
  ...undoubted(done(journal)),
  failed: null,
  avoid: [],
  intent: journal.intent === null ? null : { ...journal.intent, outcome: 'done' },
})

/** Its place is given up: the next one begins without an intent; attempts go on counting. */
export const displaced = (journal: ComputeJournal): ComputeJournal => ({
  ...undoubted(journal),
  intent: null,
  failures: 0,
  stuck: null,
  trouble: null,
})

/** An operator ordered another try. */
export const resumed = (record: ComputeRecord): ComputeRecord =>
  record.journal.stuck !== null && !isStuck(record)
    ? { ...record, journal: { ...record.journal, stuck: null, failures: 0 } }
    : record
