/** From a decision to its effect and the record of what came of it: intent -> act -> result. */
import { asFault, type Fault, fault, isThrottled, outcomeUnknown } from '../../src/faults'
import { formatEpoch } from '../../src/model/epoch'
import { hasFailed } from '../../src/model/lifecycle'
import type { ComputeJournal, ComputeRecord, ComputeSeen, Intent, Trouble } from '../../src/model/records'
import type { Claim } from '../../src/store/store'
import type { Effect } from '../drivers/driver'
import { acted, tellStep } from './acted'
import { afterFailures, LOOK_AGAIN_MS, STUCK_MS, sinceSilent } from './backoff'
import { endByItself } from './end-by-itself'
import { announce, done, isGivenUp, postponed, refused, settled, TOLD, unanswered, underWay } from './journal'
import type { Looked } from './look'
import { movesPhase } from './phase'
import { type Decision, type Deed, isUntrue, plan, UNTRUE, whyCut } from './plan'
import { differs, fulfilled, neverRan, sighted } from './seen'
import { STEPS } from './steps'
import { followsUnseen } from './unseen'
import { isShownAgain, lostAt, UNSHOWN_MS } from './vanished'
import { within } from './within'
import { across, type Next, type Work } from './work'

/** Counts like a refusal: told, tried again with growing delays, undone or stuck in the end. */
const untrue = fault('refused', UNTRUE)

export type Actable = Exclude<Decision, { kind: 'leave' | 'lost' }>

/** An effect is done and written down, and what comes next needs no look: by the claim that has looked, from what the effect came to. */
export interface Onward {
  readonly claim: Claim<'compute'>
  readonly looked: Looked
  readonly deed: Actable & { readonly kind: 'do' }
}

/** Faults thrown: stale, busy. */
export async function act(
  work: Work,
  claim: Claim<'compute'>,
  looked: Looked,
  decision: Actable,
): Promise<Next | Onward> {
  const { record } = looked
  switch (decision.kind) {
    case 'do':
      return bringAbout(work, claim, looked, decision)
    case 'cancel':
      return cancel(work, claim, looked, decision)
    case 'wait':
      await write(work, claim, record, {})
      return { at: work.clock.now() + decision.ms }
    case 'fail': {
      const { message, unshown } = decision
      const now = work.clock.now()
      const failed = { message, at: now, retries: record.wish.retries, ...(unshown ? { unshown } : {}) }
      await write(work, claim, record, { journal: { ...record.journal, failed } }, 'compute-failed')
      return { at: unshown ? now + UNSHOWN_MS : null }
    }
    case 'refused':
      return refusedAfterAll(work, claim, record, decision.message)
    case 'end':
      await write(work, claim, record, { journal: settled(record.journal) })
      return endByItself(work, claim)
    case 'nothing': {
      const isSettled = !hasFailed(record) || isShownAgain(record, looked.machine)
      await write(work, claim, record, { journal: isSettled ? settled(record.journal) : record.journal })
      return { at: isSettled ? null : lostAt(record, work.clock.now()) }
    }
  }
}

/** Writes what was seen and what the journal became, in one call; nothing when neither changed. */
export async function write(
  work: Work,
  claim: Claim<'compute'>,
  record: ComputeRecord,
  change: { readonly seen?: ComputeSeen; readonly journal?: ComputeJournal },
  what = 'compute-seen',
): Promise<boolean> {
  const seen = change.seen ?? record.seen
  const journal = change.journal ?? record.journal
  const before = claim.record
  const isSame = !differs(seen, before.seen) && JSON.stringify(journal) === JSON.stringify(before.journal)
  if (isSame) return true
  const raisePhase = movesPhase(before, { seen, journal })
  return across(work, 'result', claim.ref, () =>
    work.store.observe(claim, { seen, journal, raisePhase, what }, work.clock.now()),
  )
}

/** One effect: announced, done, and what came of it written down. */
async function bringAbout(work: Work, claim: Claim<'compute'>, looked: Looked, deed: Deed): Promise<Next | Onward> {
  const began = work.clock.now()
  const { record, on } = looked
  // An intent that is forgotten may have led an address here: who is to have it next reads that from what was seen.
  if (showsOtherAddresses(claim.record, record) && !(await write(work, claim, record, {}))) return { at: began }
  const { journal, intent } = announce(record, deed, on, cutTrouble(record, deed, began), began)
  if (!(await across(work, 'intent', claim.ref, () => work.store.intend(claim, journal, began)))) return { at: began }
  const announced = { ...record, journal }
  const acting = { ...looked, record: announced }
  let outcome = await acted(work, claim, () => effect(work, claim, acting, deed, intent))
  if (!('kind' in outcome) && outcome.state === 'done' && isUntrue(record, deed, on.boot)) outcome = untrue
  const next =
    'kind' in outcome
      ? await failed(work, claim, acting, deed, outcome)
      : await went(work, claim, acting, deed, intent, outcome)
  const { step, direction, item } = deed
  const said = 'kind' in outcome ? saidBy(outcome) : {}
  tellStep(work, claim, { vm: record.wish.name, step, direction, item, ...said }, { key: intent.key, began }, outcome)
  return next
}

/** What a host or provider said in its own words, which no owner reads. */
const saidBy = ({ cause }: Fault): { readonly said?: string } =>
  cause instanceof Error ? { said: cause.message.slice(0, 300) } : {}

const showsOtherAddresses = (before: ComputeRecord, after: ComputeRecord): boolean =>
  JSON.stringify(before.seen.machine?.publics ?? []) !== JSON.stringify(after.seen.machine?.publics ?? [])

/** The owner is told when power is cut although a graceful stop was asked for. */
function cutTrouble(record: ComputeRecord, deed: Deed, now: number): Trouble | null {
  const isCut = deed.step === 'power' && deed.item === 'hard' && record.wish.exists && record.wish.how === 'graceful'
  const because = isCut ? whyCut(record, now) : null
  return because === null ? null : { kind: TOLD, message: because, step: 'power', at: now }
}

function effect(work: Work, claim: Claim<'compute'>, looked: Looked, deed: Deed, intent: Intent): Promise<Effect> {
  const { store } = work
  const call = {
    driver: looked.driver,
    host: looked.target,
    ticket: { resource: looked.record.wish.name, epoch: claim.epoch, key: intent.key },
    record: looked.record,
    site: store.site,
    item: deed.item,
    image: (id: string) => store.read('image', id),
    network: (id: string) => store.read('network', id),
    unseal: work.unseal,
  }
  return STEPS[deed.step][deed.direction](call)
}

/** It is done, or goes on detached. */
async function went(
  work: Work,
  claim: Claim<'compute'>,
  looked: Looked,
  deed: Deed,
  intent: Intent,
  outcome: Effect,
): Promise<Next | Onward> {
  const { record, machine, on } = looked
  const now = work.clock.now()
  if (outcome.state === 'running') {
    await write(work, claim, record, { journal: underWay(record.journal) })
    return { at: now + outcome.lookAgainMs }
  }
  const after = STEPS[deed.step].after(machine, deed.direction, record, deed.item)
  const seen = fulfilled(sighted(record, after, on, now), intent)
  const next = { ...record, seen, journal: done(record.journal) }
  const decision = plan(next, after, now)
  const isSettled = decision.kind === 'nothing'
  const journal = isSettled ? settled(next.journal) : next.journal
  const isWritten = await write(work, claim, record, { seen, journal }, `compute-${deed.step}-${deed.direction}`)
  if (isWritten && decision.kind === 'do' && followsUnseen(next, deed, decision))
    return {
      claim: { ...claim, record: { ...claim.record, seen, journal } },
      looked: { ...looked, record: next, machine: after, decision },
      deed: { ...decision, follows: { step: deed.step, item: deed.item } },
    }
  return { at: isSettled ? null : now }
}

/** A part of ours is away (the key ring, the image store): told, and tried again like what was not answered. */
const isOurs = (fault: Fault): boolean => fault.kind === 'unavailable'

/** It failed, or nobody knows. */
async function failed(
  work: Work,
  claim: Claim<'compute'>,
  { record, target }: Looked,
  deed: Deed,
  fault: Fault,
): Promise<Next> {
  const now = work.clock.now()
  const later = async (journal: ComputeJournal): Promise<Next> => {
    await write(work, claim, record, { journal })
    return { at: now + sinceSilent(now, journal.trouble?.at ?? now) }
  }
  if (outcomeUnknown(fault) || isOurs(fault) || isThrottled(fault))
    return later(unanswered(record.journal, fault, deed.step, now))
  const isHeldThere = fault.kind === 'busy' && target.provider !== undefined
  if (!isHeldThere && fault.kind !== 'refused' && fault.kind !== 'unsupported') throw fault
  const journal = isHeldThere ? postponed(record, deed, fault, now) : refused(record, deed, fault, now)
  if (journal.intent?.outcome === 'open') return later(journal)
  if (isGivenUp(journal, deed)) return restartGivenUp(work, claim, record, journal)
  await write(work, claim, record, { journal }, `compute-${deed.step}-refused`)
  if (journal.stuck !== null) return { at: now + STUCK_MS }
  return { at: now + (journal.failures === 0 ? 0 : afterFailures(journal.failures)) }
}

/** The order is undone here and given elsewhere: nothing of what was made ever ran, so it is as if it had been refused at once. */
async function refusedAfterAll(
  work: Work,
  claim: Claim<'compute'>,
  record: ComputeRecord,
  message: string,
): Promise<Next> {
  const now = work.clock.now()
  const seen = neverRan(record)
  const order = { step: 'define', direction: 'up', item: record.seen.defined ?? '' } as const
  const journal = refused({ ...record, seen }, order, fault('refused', message, { reason: 'elsewhere' }), now)
  await write(work, claim, record, { seen, journal }, 'compute-define-refused')
  return { at: now }
}

/** A restart that its host refuses is told and not tried for ever: the machine goes on running. */
async function restartGivenUp(
  work: Work,
  claim: Claim<'compute'>,
  record: ComputeRecord,
  journal: ComputeJournal,
): Promise<Next> {
  const { intent, trouble } = journal
  const seen = intent === null ? record.seen : fulfilled(record.seen, intent)
  const told = trouble && { ...trouble, kind: TOLD }
  await write(
    work,
    claim,
    record,
    { seen, journal: { ...journal, failures: 0, trouble: told } },
    'compute-restart-refused',
  )
  return { at: work.clock.now() }
}

/** Ends detached work that nobody wants any more; the intent it belongs to is known to have failed then. */
export async function cancel(
  work: Work,
  claim: Claim<'compute'>,
  { record, driver, target }: Pick<Looked, 'record' | 'driver' | 'target'>,
  decision: Extract<Actable, { kind: 'cancel' }>,
): Promise<Next> {
  const now = work.clock.now()
  const ticket = { resource: record.wish.name, epoch: claim.epoch, key: decision.key }
  if (!(await across(work, 'intent', claim.ref, () => work.store.intend(claim, record.journal, now))))
    return { at: now }
  try {
    await across(work, 'act', claim.ref, () => within(driver.cancel(target, ticket)))
  } catch (thrown) {
    const fault = asFault(thrown)
    if (!outcomeUnknown(fault) && fault.kind !== 'refused') throw thrown
    await write(work, claim, record, { journal: unanswered(record.journal, fault, 'look', now) })
    return { at: now + LOOK_AGAIN_MS * 4 }
  }
  const trouble: Trouble | null =
    decision.because === null
      ? record.journal.trouble
      : { kind: TOLD, message: decision.because, step: 'power', at: now }
  const isMine = record.journal.intent?.key === decision.key
  const intent =
    isMine && record.journal.intent ? { ...record.journal.intent, outcome: 'failed' as const } : record.journal.intent
  await write(work, claim, record, { journal: { ...record.journal, intent, trouble } })
  work.log.info({ vm: record.wish.name, epoch: formatEpoch(claim.epoch), key: decision.key }, 'cancelled')
  return { at: now }
}
