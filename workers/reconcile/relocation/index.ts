/**
 * The site's job for machines that are to leave their hosts: hosts that are drained, and machines that an operator flagged.
 *
 * It moves nothing itself: it writes the wish to move into a machine's record, as an operator's order does, a few at a time, and the
 * machine's own job carries it out. So whatever dies in between, the machine is moved once or stays, and this job, which
 * reads all of it anew each time, goes on. An order names the generation that was decided on: a wish that came meanwhile wins, and
 * of two such jobs (a worker froze) one orders.
 */
import { randomUUID } from 'node:crypto'
import { formatEpoch } from '../../../src/model/epoch'
import type { Homecoming, Leaver, RelocationSeen } from '../../../src/model/records'
import { type Claim, NOBODY } from '../../../src/store/store'
import { type MoveOrder, relocate } from '../../scheduler/relocate'
import { settle } from '../settle'
import { across, type Work } from '../work'
import { writeSeen } from '../write-seen'
import { homecomings, ordersHome } from './come-home'
import { readLeavings } from './read-leavings'
import { unflag } from './unflag'

/** While machines move or wait for their turn, ms. */
const SOON_MS = 1000
/** While there are only such as cannot be moved now, ms. */
const LATER_MS = 15_000

export async function reconcileRelocation(work: Work): Promise<void> {
  const ref = { kind: 'relocation', id: 'site' } as const
  const claim = await across(work, 'claim', ref, () => work.store.claim('relocation', 'site', work.clock.now()))
  if (!claim) return
  const leavers = await turn(work, claim)
  const busy = leavers.some(({ state }) => state !== 'cannot')
  const next = leavers.length === 0 ? null : work.clock.now() + (busy ? SOON_MS : LATER_MS)
  await settle(work, claim, { at: next })
}

/** Orders what is its turn, and writes how each stands. */
async function turn(work: Work, claim: Claim<'relocation'>): Promise<readonly Leaver[]> {
  const { leavings, ground, over } = await readLeavings(work, claim.record)
  if (over.length > 0) await unflag(work, claim, over)
  const relocation = relocate(leavings, ground)
  const { leavers, orders } = relocation
  const homeward = ordersHome(relocation)
  const home = homecomings(claim.record.seen?.home, homeward, work.clock.now())
  // Counted before they are ordered: who dies between has counted too many, never too few.
  if (homeward.length > 0) await tell(work, claim, claim.record.seen?.leavers ?? [], home)
  const refused = new Set<string>()
  for (const order of orders) if (!(await wish(work, claim, order))) refused.add(order.record.id)
  const stand = leavers.map((leaver): Leaver => {
    if (!refused.has(leaver.id)) return leaver
    const { tried: _none, ...rest } = leaver
    return { ...rest, state: 'waits', message: null }
  })
  await tell(work, claim, stand, home)
  return stand
}

/** False: it changed since it was read; with the next turn it is decided on anew. */
async function wish(work: Work, claim: Claim<'relocation'>, { record, level, how, to }: MoveOrder): Promise<boolean> {
  const { id, project, generation, phase } = record
  const ref = { kind: 'compute', id } as const
  const update = {
    ...{ ref, project, generation, phase },
    wish: { ...record.wish, move: { level, to, how } },
    raisePhase: false,
    wake: true,
  }
  const change = { operationId: randomUUID(), actor: NOBODY, what: 'relocate-compute', updates: [update] }
  const { state } = await across(work, 'intent', claim.ref, () => work.store.change(change, work.clock.now()))
  work.log.info({ vm: record.wish.name, epoch: formatEpoch(claim.epoch), how, to, state }, 'ordered to move')
  if (state === 'done') await work.queue.add([ref])
  return state === 'done'
}

/** Told by no event: whoever asks how far it is reads the record. */
async function tell(
  work: Work,
  claim: Claim<'relocation'>,
  leavers: readonly Leaver[],
  home: readonly Homecoming[],
): Promise<void> {
  const before = claim.record.seen
  if (JSON.stringify([before?.leavers ?? [], before?.home ?? []]) === JSON.stringify([leavers, home])) return
  const now = work.clock.now()
  const seen: RelocationSeen = { at: now, leavers, ...(home.length > 0 ? { home } : {}) }
  await writeSeen(work, claim, seen, '')
}
