/**
 * The job of one machine: claim -> look -> plan -> intent -> act -> result -> settle.
 *
 * One job is at most one guarded look and one effect, but for a machine that is being built: there the next effect follows at
 * once while all of it is quick, from what the last one came to (unseen.ts). Each has an intent and a result of its own, is refused
 * by the store once somebody wished or claimed meanwhile and by the guard once a newer claim has looked, so it makes no difference
 * but time. Whatever a job was told is forgotten when it ends; the next one, here or in another process, claims again, looks
 * again and believes the machine over the record. So a crash at any point leaves nothing to clean up: the agenda entry, moved
 * by the claim, comes due again.
 *
 * Who may race: any number of jobs for one machine. The newest claim wins in the store (epoch), and on the host once it
 * has looked. A wish made meanwhile stops the next effect (the intent is refused) but never loses a result.
 */
import { formatEpoch } from '../../src/model/epoch'
import { hasGivenUp } from '../../src/model/lifecycle'
import { wantsPlace } from '../../src/model/placement'
import type { ComputeRecord } from '../../src/model/records'
import type { Claim, Observation } from '../../src/store/store'
import { type Actable, act } from './act'
import { comingBackForAddresses, type WithAddresses, withFreeAddresses } from './addresses'
import { KEPT_MS } from './backoff'
import { leaveGivenUpHost } from './fencing/leave-given-up-host'
import { forget } from './forget'
import { resumed } from './journal'
import { byItsEnd, endLease, isLeaseOver } from './lease-over'
import { isLettingGo, letGo } from './let-go'
import { type Looked, look } from './look'
import { moveOn } from './move/along'
import { isToMove, setOut } from './move/set-out'
import { givenUp, gone, lost, mayLeaveUnasked, namesOf } from './place-given-up'
import { withTraffic } from './traffic'
import { underClaim } from './under-claim'
import { comingBackFor, growingFirst, READY_MS, type WithVolumes, withReadyVolumes } from './volumes'
import { across, type Next, type Work } from './work'

export const reconcileCompute = (work: Work, id: string): Promise<void> =>
  underClaim(work, 'compute', id, async (claim) => {
    const next = isLeaseOver(claim.record, work.clock.now()) ? await endLease(work, claim) : await pursue(work, claim)
    return byItsEnd(claim.record, next)
  })

/** ms after which a job begins no further effect: others wait for its turn. */
const ONWARD_MS = 1_000

/** One effect, and those that follow it unseen while there is time; a guest does not boot before volumes that are on their way. */
async function actOnward(
  work: Work,
  claim: Claim<'compute'>,
  { looked, decision, volumes }: { readonly looked: Looked; readonly decision: Actable; readonly volumes: WithVolumes },
): Promise<Next> {
  const began = work.clock.now()
  let came = await act(work, claim, looked, decision)
  while (came !== 'forgotten' && 'deed' in came) {
    const now = work.clock.now()
    if (now - began >= (work.onwardMs ?? ONWARD_MS)) return { at: now }
    if (came.deed.step === 'power' && volumes.awaited.length + volumes.growing.length > 0) return { at: now }
    came = await act(work, came.claim, came.looked, came.deed)
  }
  return came
}

/** What one look leads to. */
async function pursue(work: Work, claim: Claim<'compute'>): Promise<Next> {
  const record = resumed(claim.record)
  if (record.place.host === null) return withoutPlace(work, claim, record)
  if (record.place.moving) return moveOn(work, claim, record, record.place.moving)
  if (mayLeaveUnasked(record)) return leave(work, claim, record, givenUp(record, record.place.host, work.clock.now()))
  const left = await leaveGivenUpHost(work, claim, record)
  if (left !== undefined) return left
  const addresses = await withFreeAddresses(work, await withTraffic(work, record))
  const volumes = await withReadyVolumes(work, addresses.record)
  const looked = await look(work, claim, volumes.record, record.place.host)
  if ('next' in looked) return looked.next
  const after = await letGo(work, claim, looked.record)
  if (after === undefined) return { at: work.clock.now() }
  return decided(work, claim, { volumes, addresses }, { ...looked, record: after })
}

const soon = (next: Next, now: number): Next => (next !== 'forgotten' && next.at === null ? { at: now } : next)

interface Awaiting {
  readonly volumes: WithVolumes
  readonly addresses: WithAddresses
}

/** What the look comes to. */
async function decided(
  work: Work,
  claim: Claim<'compute'>,
  { volumes, addresses }: Awaiting,
  looked: Looked,
): Promise<Next> {
  const growing = growingFirst(volumes, looked)
  const { on } = looked
  const decision: Looked['decision'] = growing.length === 0 ? looked.decision : { kind: 'wait', ms: READY_MS }
  if (decision.kind === 'leave')
    return leave(work, claim, looked.record, givenUp(looked.record, on.host, work.clock.now()))
  if (decision.kind === 'lost')
    return leave(work, claim, looked.record, lost(looked.record, on.host, decision.message, work.clock.now()))
  const isReady = decision.kind === 'nothing' && volumes.awaited.length === 0 && addresses.awaited.length === 0
  if (isReady && isToMove(claim.record)) return setOut(work, claim, { ...looked.record, wish: claim.record.wish })
  const done = await comingBackFor(
    work,
    [...volumes.awaited, ...growing],
    await actOnward(work, claim, { looked, decision, volumes }),
  )
  const acted = comingBackForAddresses(work, addresses, done)
  // What was disconnected just now is let go by the next look.
  const next = decision.kind === 'do' && isLettingGo(looked.record) ? soon(acted, work.clock.now()) : acted
  // An order to move it waits until it is as its owner wants it.
  const isAtRest = next !== 'forgotten' && next.at === null
  // Nothing of it runs any more: placement has its place for others.
  const { parked } = looked.record.place
  if (isAtRest && parked && !parked.released) await work.queue.add([{ kind: 'placement', id: 'site' }])
  return isAtRest && isToMove(claim.record) ? { at: work.clock.now() } : next
}

/** Gives the place up; what is next is placement's, or the end. */
async function leave(
  work: Work,
  claim: Claim<'compute'>,
  record: ComputeRecord,
  observation: Observation,
): Promise<Next> {
  const now = work.clock.now()
  const host = record.place.host
  const written = await across(work, 'result', claim.ref, () => work.store.observe(claim, observation, now))
  work.log.info({ vm: record.wish.name, epoch: formatEpoch(claim.epoch), host, written }, observation.what)
  if (record.wish.exists) await work.queue.add([{ kind: 'placement', id: 'site' }])
  return { at: record.wish.exists ? null : now + KEPT_MS }
}

/**
 * One that waited for too long waits no more. An operator may resume a machine in the moment in which its job, which does not know
 * yet, gives it up as failed: then nobody has put it before placement, and it is done here.
 */
async function waitAgain(work: Work, claim: Claim<'compute'>, record: ComputeRecord): Promise<Next> {
  const now = work.clock.now()
  if (hasGivenUp(record)) {
    await across(work, 'result', claim.ref, () => work.store.observe(claim, { waits: false, what: '' }, now))
    return { at: null }
  }
  const { waiting } = record.place
  if ((record.journal.failed === null && waiting?.gaveUp === undefined) || !wantsPlace(record)) return { at: null }
  await across(work, 'result', claim.ref, () => work.store.observe(claim, { waits: true, what: '' }, now))
  await work.queue.add([{ kind: 'placement', id: 'site' }])
  return { at: null }
}

/** Waiting is placement's business; what is deleted is gone at once and forgotten an hour later. */
async function withoutPlace(work: Work, claim: Claim<'compute'>, record: ComputeRecord): Promise<Next> {
  const now = work.clock.now()
  if (record.wish.exists) {
    const after = await letGo(work, claim, record)
    return after === undefined ? { at: now } : waitAgain(work, claim, after)
  }
  const { goneAt } = record.seen
  if (goneAt === null) {
    await across(work, 'result', claim.ref, () => work.store.observe(claim, gone(record, now), now))
    // What was promised to it for later is given back by placement.
    if (record.place.lease?.booked) await work.queue.add([{ kind: 'placement', id: 'site' }])
    return { at: now + KEPT_MS }
  }
  if (now < goneAt + KEPT_MS) return { at: goneAt + KEPT_MS }
  return forget(work, claim, namesOf(record))
}
