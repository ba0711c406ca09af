/**
 * The job of a network: nothing while it is wanted (a machine's own job makes it where the machine goes), and its end: what hosts
 * have of it is removed, one host a job, then the record is forgotten and its names are free.
 *
 * Who may race: an order that was written in the moment in which the network's end was wished. As long as a machine has an
 * interface there nothing is removed, and the operation that counted again takes its wish back. A host that is away is waited
 * for: it may still have the bridge; removing the host from the site ends that.
 */
import { asFault, type Fault } from '../../src/faults'
import { type Epoch, parseEpoch } from '../../src/model/epoch'
import type { HostId } from '../../src/model/ids'
import type { HostRecord, NetworkRecord } from '../../src/model/records'
import { namesOf } from '../../src/store/names'
import type { Claim } from '../../src/store/store'
import { afterFailures, LOOK_AGAIN_MS } from './backoff'
import { targetOf } from './look'
import { within } from './within'
import { across, type Next, type Work } from './work'

/** How often it is looked whether its machines are gone, and whether hosts that were away are there again, ms. */
const AGAIN_MS = 30_000

export async function reconcileNetwork(work: Work, id: string): Promise<void> {
  const ref = { kind: 'network', id } as const
  let above: Epoch | undefined
  for (let tries = 0; tries < 2; tries += 1) {
    const least = above
    const claim = await across(work, 'claim', ref, () => work.store.claim('network', id, work.clock.now(), least))
    if (!claim) return
    try {
      return await settle(work, claim, claim.record.wish.exists ? { at: null } : await end(work, claim))
    } catch (thrown) {
      const fault = asFault(thrown)
      if (fault.kind !== 'stale') throw thrown
      above = parseEpoch(fault.detail.held ?? '')
      if (!above) return
    }
  }
}

async function settle(work: Work, claim: Claim<'network'>, next: Next): Promise<void> {
  if (next === 'forgotten') return
  const now = work.clock.now()
  const state = await across(work, 'settle', claim.ref, () => work.store.settle(claim, next.at, now))
  if (state === 'due' || (next.at !== null && next.at <= now)) await work.queue.add([claim.ref])
}

async function end(work: Work, claim: Claim<'network'>): Promise<Next> {
  const { record } = claim
  if (await isUsed(work, record)) return { at: work.clock.now() + AGAIN_MS }
  const cleared = record.seen.clearedFrom ?? []
  const left = (await work.store.readAll('host')).filter((host) => !cleared.includes(host.id))
  const there = left.filter(({ seen }) => seen.contact !== 'lost')
  // One that refuses does not hold up the others.
  const host = there[(record.seen.refusals?.count ?? 0) % there.length]
  if (host !== undefined) return clear(work, claim, host)
  if (left.length > 0) return { at: work.clock.now() + AGAIN_MS }
  const names = namesOf(record).map((field) => ({ hash: 'names', field }))
  const forgotten = await across(work, 'forget', claim.ref, () => work.store.forget(claim, names, work.clock.now()))
  return forgotten ? 'forgotten' : { at: work.clock.now() }
}

/** Rare, so all machines are read. */
const isUsed = async (work: Work, { id }: NetworkRecord): Promise<boolean> =>
  (await work.store.readAll('compute')).some(
    ({ wish, seen }) => seen.goneAt === null && wish.interfaces.some(({ network }) => network === id),
  )

/** Removes it from one host. Faults thrown: 'stale'. */
async function clear(work: Work, claim: Claim<'network'>, host: HostRecord): Promise<Next> {
  const { id, generation, wish, seen } = claim.record
  // A refusal is a known outcome: the next try is another decision.
  const attempt = `${generation}.${seen.refusals?.count ?? 0}`
  const ticket = { resource: wish.subnet, epoch: claim.epoch, key: `${id}/network/down/${attempt}` }
  const tell = { network: wish.subnet, host: host.wish.name }
  try {
    const driver = work.driver(host.wish.driver)
    const effect = await across(work, 'act', claim.ref, () =>
      within(driver.network.remove(targetOf(host), ticket, wish.subnet)),
    )
    if (effect.state === 'running') return { at: work.clock.now() + effect.lookAgainMs }
  } catch (thrown) {
    const fault = asFault(thrown)
    if (fault.kind === 'busy') return { at: work.clock.now() + LOOK_AGAIN_MS }
    if (!hasNone(fault)) {
      if (fault.kind === 'internal' || fault.kind === 'stale') throw thrown
      work.log.warn({ ...tell, fault: fault.kind, message: fault.message }, 'network not removed')
      return fault.kind === 'refused' ? refused(work, claim, host, fault) : { at: work.clock.now() + AGAIN_MS }
    }
  }
  work.log.info(tell, 'network removed')
  const clearedFrom: readonly HostId[] = [...(seen.clearedFrom ?? []), host.id]
  await write(work, claim, { ...seen, state: 'inactive', clearedFrom }, 'network-cleared')
  return { at: work.clock.now() }
}

const write = (work: Work, claim: Claim<'network'>, seen: NetworkRecord['seen'], what: string): Promise<boolean> =>
  across(work, 'result', claim.ref, () => work.store.observe(claim, { seen, what }, work.clock.now()))

/** Told, and tried again: at once elsewhere, here after a while. */
async function refused(work: Work, claim: Claim<'network'>, host: HostRecord, fault: Fault): Promise<Next> {
  const { seen } = claim.record
  const count = (seen.refusals?.count ?? 0) + 1
  await write(work, claim, { ...seen, refusals: { count, message: `${host.wish.name}: ${fault.message}` } }, '')
  return { at: work.clock.now() + afterFailures(count) }
}

/** A back end that makes no networks has none. */
const hasNone = (fault: Fault): boolean => fault.kind === 'unsupported'
