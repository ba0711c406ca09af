/**
 * Writing what is planned for leases: each whole, in one script against the revisions of the hosts that it names. A crash before that
 * script leaves nothing, one after it leaves all: the next pass reads the promises from the claims and the records.
 *
 * Planning takes far longer than writing, and others claim and give back meanwhile. So where a host moved, what is claimed there is read
 * again and the steps are looked at once more against that, not planned anew: those that still hold are written. Who needs a host that
 * moves all the time waits for the next pass and holds up nobody else; where all do, fewer of them go together, down to one. A machine that
 * somebody changed meanwhile is left out in the same way: those behind it are looked at once more, for they may have counted on it.
 */
import { formatEpoch } from '../../../src/model/epoch'
import type { HostId, Ref } from '../../../src/model/ids'
import { claimedHostsOf, formatClaim } from '../../../src/model/placement'
import type { Claim, Placing, PromisedClaim } from '../../../src/store/store'
import { keepPromises, type LeaseStep, type MachineStep, type Written } from '../../scheduler/live-leases'
import { across, type Work } from '../work'
import { calmOf, SHARE } from './calm'
import type { Snapshot } from './snapshot'

export interface ToWrite {
  readonly snapshot: Pick<Snapshot, 'ground' | 'revisions'>
  /** In the order in which they are to be taken. */
  readonly steps: readonly LeaseStep[]
  /** Promises to nobody, to be taken off. */
  readonly orphans: readonly Written[]
}

/** With a quarter of the steps each time, a thousand are down to one after six. */
const MOST_TRIES = 8

/**
 * Whether anything of it was written: where others changed it so often that nothing could be, what was read is as good as before for all
 * who have no terms. Faults thrown: 'unavailable'.
 */
export async function writeLeases(work: Work, claim: Claim<'placement'>, first: ToWrite): Promise<'wrote' | 'in vain'> {
  const { ground } = first.snapshot
  const restless = new Set<string>()
  const done: Done = { placed: [], steps: [], freed: [] }
  let { steps, orphans } = first
  let { revisions } = first.snapshot
  let share = 1
  for (let tries = 0; tries < MOST_TRIES && steps.length + orphans.length > 0; tries += 1) {
    const came = await oneScript(work, claim, { snapshot: { ground, revisions }, steps, orphans })
    if (came.state === 'superseded') break
    if (came.state === 'done') {
      const written = before(came.stopped, steps)
      done.placed.push(...came.placed)
      done.steps.push(...written)
      done.freed.push(...orphans)
      // Of the rest all but the one whose record changed.
      steps = steps.slice(written.length + 1)
      orphans = []
    } else {
      restless.add(came.host)
      steps = calmest(steps, share, restless, touched)
      orphans = calmest(orphans, share, restless, ({ host }) => [host])
      share = SHARE
    }
    if (steps.length + orphans.length === 0) break
    const held = await work.store.kept.claims(ground.hosts.map(({ id }) => id))
    revisions = new Map(held.map(({ host, revision }) => [host, revision]))
    steps = stillHeld(steps, ground, held)
  }
  if (done.steps.length + done.freed.length === 0) return 'in vain'
  await tell(work, claim, done)
  return 'wrote'
}

function oneScript(work: Work, claim: Claim<'placement'>, { snapshot, steps, orphans }: ToWrite) {
  const { ground, revisions } = snapshot
  const placings = steps.flatMap(placingsOf)
  const freed = orphans.map(promised)
  const hosts = [...namedBy(placings, freed)].map((host) => ({ host, revision: revisions.get(host) ?? 0 }))
  return across(work, 'place', claim.ref, () =>
    // One may have its place of what another gives up.
    work.store.place(claim, hosts, placings, ground.now, [], freed, { order: 'one-on-another' }),
  )
}

/** Those before the one that this machine is of; all where there is none. */
function before(machine: string | undefined, steps: readonly LeaseStep[]): readonly LeaseStep[] {
  const at = steps.findIndex(({ machines }) => machines.some(({ record }) => record.id === machine))
  return at < 0 ? steps : steps.slice(0, at)
}

/** Of those that need none of the hosts that moved so large a share, first to last; where all need one, of all of them. */
function calmest<One>(
  all: readonly One[],
  share: number,
  restless: ReadonlySet<string>,
  hostsOf: (one: One) => readonly string[],
): readonly One[] {
  const calm = calmOf(all, share, restless, hostsOf)
  return calm.length > 0 ? calm : all.slice(0, Math.ceil(all.length * SHARE))
}

const touched = ({ machines }: LeaseStep): readonly HostId[] =>
  machines.flatMap(({ on, promises }) => [...(on ? [on.host] : []), ...promises.map(({ host }) => host)])

/** By what is claimed now. */
function stillHeld(
  steps: readonly LeaseStep[],
  { hosts, views, now }: Snapshot['ground'],
  held: Snapshot['ground']['held'],
): readonly LeaseStep[] {
  const claims = new Map(held.map((one) => [one.host, one]))
  const named = new Set<string>(steps.flatMap(touched))
  const concerned = hosts.filter(({ id }) => named.has(id))
  const claimed = claimedHostsOf(
    concerned,
    concerned.map(({ id }) => claims.get(id)),
  )
  return keepPromises(steps, claimed, { views: new Map(views.map((view) => [view.id, view])), now }).taken
}

const namedBy = (placings: readonly Placing[], freed: readonly PromisedClaim[]): ReadonlySet<string> =>
  new Set([
    ...placings.flatMap(({ on, promises = [] }) => [...(on ? [on.host] : []), ...promises.map(({ host }) => host)]),
    ...freed.map(({ host }) => host),
  ])

interface Done {
  readonly placed: string[]
  readonly steps: LeaseStep[]
  readonly freed: Written[]
}

async function tell(work: Work, claim: Claim<'placement'>, { placed, steps, freed }: Done): Promise<void> {
  // Those that were refused take themselves off the waiting list.
  const refused = steps.flatMap(({ what, machines }) => (what === 'refuse' ? machines : []))
  const told = [...placed, ...refused.map(({ record }) => record.id as string)]
  if (refused.length > 0)
    await work.store.wake(
      refused.map(({ record: { id } }): Ref => ({ kind: 'compute', id })),
      work.clock.now(),
    )
  await work.queue.add(told.map((id) => ({ kind: 'compute', id })))
  const count = (kind: LeaseStep['what']): number => steps.filter(({ what }) => what === kind).length
  const counts = { begun: count('begin'), booked: count('book'), refused: refused.length, freed: freed.length }
  work.log.info({ epoch: formatEpoch(claim.epoch), ...counts }, 'planned leases')
}

const promised = ({ host, key, claim }: Written): PromisedClaim => ({
  host,
  key,
  claim: claim === null ? '' : formatClaim(claim),
})

const placingsOf = ({ party, what, machines }: LeaseStep): readonly Placing[] =>
  machines.map((machine) => ({
    ...placingOf(machine, what),
    ...(machines.length > 1 ? { together: party.id } : {}),
  }))

function placingOf({ record, place, on, promises }: MachineStep, what: LeaseStep['what']): Placing {
  const { id, project, epoch, rev } = record
  return {
    ref: { kind: 'compute', id },
    ...{ project, epoch, rev, place },
    raisePhase: what !== 'wait',
    on: on ? { host: on.host, claim: formatClaim(on.claim) } : null,
    promises: promises.map(promised),
  }
}
