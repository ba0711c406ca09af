/**
 * Writing what is planned for leases: each whole, in one script against the revisions of the hosts that it names. A crash before that
 * script leaves nothing, one after it leaves all: the next pass reads the promises from the claims and the records.
 *
 * Planning takes far longer than writing, and others claim and give back meanwhile. So where a host moved, what is claimed there is read
 * again and the steps are looked at once more against that, not planned anew: those that still hold are written. Who needs a host that
 * moves all the time waits for the next pass and holds up nobody else; where all do, fewer of them go together, down to one.
 */
import { formatEpoch } from '../../../src/model/epoch'
import type { HostId, Ref } from '../../../src/model/ids'
import { claimedHostsOf, formatClaim } from '../../../src/model/placement'
import type { Claim, Placing, PromisedClaim } from '../../../src/store/store'
import { keepPromises, type LeaseStep, type MachineStep, type Written } from '../../scheduler/live-leases'
import { across, type Work } from '../work'
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

/** Faults thrown: 'unavailable'. */
export async function writeLeases(work: Work, claim: Claim<'placement'>, first: ToWrite): Promise<void> {
  const { ground } = first.snapshot
  const restless = new Set<string>()
  let { steps, orphans } = first
  let { revisions } = first.snapshot
  for (let tries = 0; tries < MOST_TRIES && steps.length + orphans.length > 0; tries += 1) {
    const placings = steps.flatMap(placingsOf)
    const freed = orphans.map(promised)
    const hosts = [...namedBy(placings, freed)].map((host) => ({ host, revision: revisions.get(host) ?? 0 }))
    const came = await across(work, 'place', claim.ref, () =>
      // One may have its place of what another gives up.
      work.store.place(claim, hosts, placings, ground.now, [], freed, { order: 'one-on-another' }),
    )
    if (came.state === 'done') return tell(work, claim, { placed: came.placed, steps, freed })
    if (came.state === 'superseded') return
    restless.add(came.host)
    const held = await work.store.kept.claims(ground.hosts.map(({ id }) => id))
    revisions = new Map(held.map(({ host, revision }) => [host, revision]))
    const share = tries === 0 ? 1 : SHARE
    steps = stillHeld(calmest(steps, share, restless, touched), ground, held)
    orphans = calmest(orphans, share, restless, ({ host }) => [host])
  }
}

/** So many of them are tried where more were refused again and again. */
const SHARE = 1 / 4

/** Of those that need none of the hosts that moved so large a share, first to last; where all need one, of all of them. */
function calmest<One>(
  all: readonly One[],
  share: number,
  restless: ReadonlySet<string>,
  hostsOf: (one: One) => readonly string[],
): readonly One[] {
  const calm = all.filter((one) => !hostsOf(one).some((host) => restless.has(host)))
  return calm.length > 0 ? calm.slice(0, Math.ceil(calm.length * share)) : all.slice(0, Math.ceil(all.length * SHARE))
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
  readonly placed: readonly string[]
  readonly steps: readonly LeaseStep[]
  readonly freed: readonly PromisedClaim[]
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
