/** Ordering the driver's move: announced, done detached under its key at the machine's own host, and what came of it written down. */
import { asFault, type Fault, fault, outcomeUnknown } from '../../../src/faults'
import type { ComputeRecord, Moving } from '../../../src/model/records'
import type { Claim } from '../../../src/store/store'
import type { Driver, Effect, EffectTicket } from '../../drivers/driver'
import { write } from '../act'
import { acted, tellStep } from '../acted'
import { sinceSilent } from '../backoff'
import { announce, done, refusedOnce, unanswered, underWay } from '../journal'
import { UNTRUE } from '../plan'
import { STEPS } from '../steps'
import { across, type Next, type Work } from '../work'
import type { Both } from './look-at-both'
import { staying } from './stay'
import { takeVolumesAlong } from './volumes'

/** One that the hosts' driver carries out. */
export type DrivenMove = Moving & { readonly how: 'live' | 'cold' }

/** What of a move an intent is of: another order is another decision. */
export const itemOf = ({ how, level }: Moving): string => `${how} ${level}`

/** Faults thrown: stale, busy. */
export async function orderMove(
  work: Work,
  claim: Claim<'compute'>,
  record: ComputeRecord,
  moving: DrivenMove,
  { here, to }: Both,
): Promise<Next> {
  const began = work.clock.now()
  const deed = { step: 'move', direction: 'up', item: itemOf(moving) } as const
  const former = record.journal.intent?.item === deed.item ? record.journal.intent : undefined
  if (former === undefined) {
    const taken = await takeVolumesAlong(work, record, moving, { driver: here.driver, targets: [here.target, to] })
    if (typeof taken === 'object') return silence(work, claim, record, taken)
    if (taken !== '') return staying(work, claim, record, moving.level, `it was not moved: ${taken}`)
  }
  const { journal, intent } = announce(record, deed, here.on, null, began)
  if (!(await across(work, 'intent', claim.ref, () => work.store.intend(claim, journal, began)))) return { at: began }
  const ticket = { resource: record.wish.name, epoch: claim.epoch, key: intent.key }
  const outcome = await acted(work, claim, () =>
    former === undefined
      ? withNetworks(work, record, { here, to }, ticket, { to, how: moving.how })
      : here.driver.move(here.target, ticket, { to, how: moving.how }),
  )
  // It was said to be done before, and both hosts were looked at since.
  const isUntrue = !('kind' in outcome) && outcome.state === 'done' && former?.outcome === 'done'
  const next = await came(work, claim, { ...record, journal }, isUntrue ? fault('refused', UNTRUE) : outcome)
  const of = { vm: record.wish.name, step: 'move', item: deed.item }
  tellStep(work, claim, of, { key: intent.key, began }, outcome)
  return next
}

/**
 * The other host has its networks before it comes: a guest that runs on finds its bridge there. Only with the first try: nothing of
 * the machine was sent by then, so a host that does not answer is a known outcome.
 */
async function withNetworks(
  { store, unseal }: Work,
  record: ComputeRecord,
  { here, to }: Pick<Both, 'here' | 'to'>,
  ticket: EffectTicket,
  order: Parameters<Driver['move']>[2],
): Promise<Effect> {
  const made = STEPS.network.up({
    driver: here.driver,
    host: to,
    ticket: { ...ticket, key: `${ticket.key}/networks` },
    record,
    site: store.site,
    item: 'all',
    image: (id) => store.read('image', id),
    network: (id) => store.read('network', id),
    unseal,
  })
  const there = await made.catch((thrown: unknown) => {
    const unknown = asFault(thrown)
    throw outcomeUnknown(unknown) ? fault('refused', 'the other host does not answer', { cause: unknown }) : unknown
  })
  return there.state === 'running' ? there : here.driver.move(here.target, ticket, order)
}

async function came(
  work: Work,
  claim: Claim<'compute'>,
  record: ComputeRecord,
  outcome: Effect | Fault,
): Promise<Next> {
  const now = work.clock.now()
  if (!('kind' in outcome)) {
    const isDone = outcome.state === 'done'
    const journal = isDone ? done(record.journal) : underWay(record.journal)
    await write(work, claim, record, { journal }, isDone ? 'compute-move-done' : 'compute-seen')
    return { at: outcome.state === 'done' ? now : now + outcome.lookAgainMs }
  }
  if (outcomeUnknown(outcome)) return silence(work, claim, record, outcome)
  if (outcome.kind !== 'refused' && outcome.kind !== 'unsupported') throw outcome
  const journal = refusedOnce(record, outcome, 'move', now)
  await write(work, claim, record, { journal }, 'compute-move-refused')
  return { at: now }
}

/** No answer: told once, tried again with growing delays. */
async function silence(work: Work, claim: Claim<'compute'>, record: ComputeRecord, unknown: Fault): Promise<Next> {
  const now = work.clock.now()
  const journal = unanswered(record.journal, unknown, 'move', now)
  await write(work, claim, record, { journal })
  return { at: now + sinceSilent(now, journal.trouble?.at ?? now) }
}
