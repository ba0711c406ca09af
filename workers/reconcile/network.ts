/**
 * The job of a network. Wanted and up: a project's is made on one host, to know that it can be made (everywhere else a machine's own job
 * makes it, where the machine goes); the operator's is the operator's to vouch for. Down: what hosts have of it is removed, one host a
 * job. Its end: the same, then the record is forgotten, and its names and its VLAN are free.
 *
 * Who may race: an order that was written in the moment in which the network's end was wished. As long as a machine has an
 * interface there nothing is removed, and the operation that counted again takes its wish back. A host that is away is waited
 * for: it may still have the bridge; removing the host from the site ends that.
 */
import { asFault, type Fault } from '../../src/faults'
import type { HostId } from '../../src/model/ids'
import { type HostRecord, heldInterfaces, isUp, type NetworkRecord } from '../../src/model/records'
import { namesOf } from '../../src/store/names'
import type { Claim } from '../../src/store/store'
import type { Driver, Effect, EffectTicket } from '../drivers/driver'
import { afterFailures, LOOK_AGAIN_MS } from './backoff'
import { forget } from './forget'
import { formatKey } from './key'
import { networkOrder } from './steps/network'
import { targetOf } from './target'
import { underClaim } from './under-claim'
import { within } from './within'
import { across, type Next, type Work } from './work'
import { writeSeen } from './write-seen'

/** How often it is looked whether its machines are gone, and whether hosts that were away are there again, ms. */
const AGAIN_MS = 30_000

export const reconcileNetwork = (work: Work, id: string): Promise<void> =>
  underClaim(work, 'network', id, (claim) => pursue(work, claim))

function pursue(work: Work, claim: Claim<'network'>): Promise<Next> {
  const { record } = claim
  if (!record.wish.exists) return end(work, claim)
  if (record.project === null) return Promise.resolve({ at: null })
  return isUp(record) ? bringUp(work, claim) : takeDown(work, claim)
}

/** Made on one host that answers; the next one when that refuses. */
async function bringUp(work: Work, claim: Claim<'network'>): Promise<Next> {
  const { seen } = claim.record
  if (seen.state === 'active' && seen.clearedFrom === undefined) return { at: null }
  const hosts = (await work.store.readAll('host')).filter(
    (host) =>
      host.wish.provider === undefined &&
      host.wish.enabled &&
      !host.wish.removing &&
      host.seen.at > 0 &&
      host.seen.contact !== 'lost',
  )
  const host = hosts[(seen.refusals?.count ?? 0) % hosts.length]
  if (host === undefined) return { at: work.clock.now() + AGAIN_MS }
  const ticket = ticketOf(claim, 'up')
  const done = async (): Promise<Next> => {
    await writeSeen(work, claim, { state: 'active' }, 'network-up')
    return { at: null }
  }
  return onHost(work, claim, host, 'made', done, (driver) =>
    driver.network.ensure(targetOf(work, host), ticket, networkOrder(claim.record)),
  )
}

/** Off all hosts. Nothing is removed under a machine that was ordered in the moment in which it was taken down. */
async function takeDown(work: Work, claim: Claim<'network'>): Promise<Next> {
  const { seen } = claim.record
  if (seen.state === 'inactive') return { at: null }
  const cleared = await clearHosts(work, claim)
  if (cleared !== 'cleared') return cleared
  await writeSeen(work, claim, { state: 'inactive' }, 'network-down')
  return { at: null }
}

async function end(work: Work, claim: Claim<'network'>): Promise<Next> {
  const { record } = claim
  const cleared = await clearHosts(work, claim)
  if (cleared !== 'cleared') return cleared
  const { project, seen, wish } = record
  const now = work.clock.now()
  if (project !== null && seen.gone !== true) {
    const counters = [{ project, name: 'networks', by: -1 }] as const
    const gone = { ...seen, state: 'inactive', gone: true }
    await across(work, 'result', claim.ref, () =>
      work.store.observe(claim, { seen: gone, counters, what: 'network-gone' }, now),
    )
    return { at: now }
  }
  const names = namesOf(record).map((field) => ({ hash: 'names', field }))
  const own =
    project === null
      ? []
      : [
          { hash: 'vlans', field: `${wish.bridge}:${wish.vlan}` },
          { hash: `turns:${project}`, field: String(wish.turn) },
        ]
  return forget(work, claim, [...names, ...own])
}

/** Removed from one more host, or from all that there are. A host that is away is waited for; one that never answered has nothing. */
async function clearHosts(work: Work, claim: Claim<'network'>): Promise<Next | 'cleared'> {
  const { record } = claim
  if (await isUsed(work, record)) return { at: work.clock.now() + AGAIN_MS }
  const cleared = record.seen.clearedFrom ?? []
  const all = await work.store.readAll('host')
  // A provider has none of our networks, and where nobody ever answered nothing was made.
  const left = all.filter((host) => host.wish.provider === undefined && host.seen.at > 0 && !cleared.includes(host.id))
  const there = left.filter(({ seen }) => seen.contact !== 'lost')
  // One that refuses does not hold up the others.
  const host = there[(record.seen.refusals?.count ?? 0) % there.length]
  if (host !== undefined) return clear(work, claim, host)
  return left.length > 0 ? { at: work.clock.now() + AGAIN_MS } : 'cleared'
}

/** Rare, so all machines and addresses are read. */
const isUsed = async (work: Work, { id }: NetworkRecord): Promise<boolean> =>
  (await work.store.readAll('compute')).some(
    (machine) => machine.seen.goneAt === null && heldInterfaces(machine).some(({ network }) => network === id),
  ) || (await work.store.readAll('address')).some(({ wish }) => wish.pool === id)

/** Removes it from one host. Faults thrown: 'stale'. */
async function clear(work: Work, claim: Claim<'network'>, host: HostRecord): Promise<Next> {
  const { wish, seen } = claim.record
  const ticket = ticketOf(claim, 'down')
  const done = async (): Promise<Next> => {
    const clearedFrom: readonly HostId[] = [...(seen.clearedFrom ?? []), host.id]
    const state = wish.exists ? seen.state : 'inactive'
    await writeSeen(work, claim, { ...seen, state, clearedFrom }, 'network-cleared')
    return { at: work.clock.now() }
  }
  return onHost(work, claim, host, 'removed', done, (driver) =>
    driver.network.remove(targetOf(work, host), ticket, wish.subnet),
  )
}

/** It keeps no journal: each wish is a decision, and as a refusal is a known outcome, so is each try after one. */
function ticketOf({ epoch, record }: Claim<'network'>, direction: 'up' | 'down'): EffectTicket {
  const { id, generation, seen, wish } = record
  const attempt = `${generation}.${seen.refusals?.count ?? 0}`
  return { resource: wish.subnet, epoch, key: formatKey({ id, step: 'network', direction, attempt }) }
}

/** One effect on one host, and what came of it. Faults thrown: 'stale'. */
async function onHost(
  work: Work,
  claim: Claim<'network'>,
  host: HostRecord,
  what: 'made' | 'removed',
  done: () => Promise<Next>,
  effect: (driver: Driver) => Promise<Effect>,
): Promise<Next> {
  const tell = { network: claim.record.wish.subnet, host: host.wish.name }
  try {
    const driver = work.driver(host.wish.driver)
    const came = await across(work, 'act', claim.ref, () => within(effect(driver)))
    if (came.state === 'running') return { at: work.clock.now() + came.lookAgainMs }
  } catch (thrown) {
    const fault = asFault(thrown)
    if (fault.kind === 'busy') return { at: work.clock.now() + LOOK_AGAIN_MS }
    if (!(what === 'removed' && hasNone(fault))) {
      if (fault.kind === 'internal' || fault.kind === 'stale') throw thrown
      work.log.warn({ ...tell, fault: fault.kind, message: fault.message }, `network not ${what}`)
      const isKnown = fault.kind === 'refused' || fault.kind === 'unsupported'
      return isKnown ? refused(work, claim, host, fault) : { at: work.clock.now() + AGAIN_MS }
    }
  }
  work.log.info(tell, `network ${what}`)
  return done()
}

/** Told, and tried again: at once elsewhere, here after a while. */
async function refused(work: Work, claim: Claim<'network'>, host: HostRecord, fault: Fault): Promise<Next> {
  const { seen } = claim.record
  const count = (seen.refusals?.count ?? 0) + 1
  const refusals = { count, message: `${host.wish.name}: ${fault.message}` }
  await writeSeen(work, claim, { ...seen, refusals }, 'network-refused')
  return { at: work.clock.now() + afterFailures(count) }
}

/** A back end that makes no networks has none. */
const hasNone = (fault: Fault): boolean => fault.kind === 'unsupported'
