/**
 * The guarded look at one machine, just before it is decided what to do with it. From here on its host refuses every older
 * claim's commands.
 */
import { asFault, type Fault, isThrottled, outcomeUnknown } from '../../src/faults'
import { formatEpoch } from '../../src/model/epoch'
import type { MachineSighting } from '../../src/model/machine'
import type { ComputeRecord, HostRecord } from '../../src/model/records'
import type { Claim } from '../../src/store/store'
import type { Driver, HostTarget } from '../drivers/driver'
import { sinceSilent } from './backoff'
import { unanswered } from './journal'
import { type Decision, plan } from './plan'
import { runs, type SeenOn, sighted } from './seen'
import { targetOf } from './target'
import { within } from './within'
import { across, type Next, type Work } from './work'

/** What a look came to. `record` carries what was seen; nothing of it is written yet. */
export interface Looked {
  readonly record: ComputeRecord
  readonly machine: MachineSighting
  readonly driver: Driver
  readonly target: HostTarget
  readonly on: SeenOn
  readonly decision: Decision
}

/** Faults thrown: stale, busy. A host that cannot be asked is told on the record and asked again later. */
export async function look(
  work: Work,
  claim: Claim<'compute'>,
  record: ComputeRecord,
  hostId: string,
): Promise<Looked | { readonly next: Next }> {
  const host = await work.store.read('host', hostId)
  try {
    if (!host) throw new Error(`${record.wish.name} is placed on a host that is not there`)
    const driver = work.driver(host.wish.driver)
    const target = targetOf(work, host)
    const ticket = { resource: record.wish.name, epoch: claim.epoch }
    const machine = await across(work, 'look', claim.ref, () => within(driver.find(target, ticket)))
    const on = { host: host.id, boot: await bootOf(driver, target, host, record, machine) }
    const now = work.clock.now()
    const seeing = { ...record, seen: sighted(record, machine, on, now) }
    return { record: seeing, machine, driver, target, on, decision: plan(seeing, machine, now) }
  } catch (thrown) {
    const fault = asFault(thrown)
    if (!tellsNothing(fault)) throw thrown
    return { next: await silent(work, claim, record, fault) }
  }
}

/**
 * The host's boot identity, by which a machine that runs no more is told from one that went down with its host. The host's
 * record may be a poll behind, so in that one case the host itself is asked, after the look.
 */
async function bootOf(
  driver: Driver,
  target: HostTarget,
  host: HostRecord,
  { seen }: ComputeRecord,
  machine: MachineSighting,
): Promise<string | null> {
  const stopped = seen.host === host.id && runs(seen.machine) && !runs(machine)
  return stopped ? (await within(driver.capacity(target))).boot : host.seen.boot
}

/** Whether a look that failed so says nothing of the machine, and is to be had again later. */
export const tellsNothing = (fault: Fault): boolean =>
  outcomeUnknown(fault) || isThrottled(fault) || fault.kind === 'refused' || fault.kind === 'unsupported'

/** Told once, asked again with growing delays. */
export async function silent(work: Work, claim: Claim<'compute'>, record: ComputeRecord, fault: Fault): Promise<Next> {
  const now = work.clock.now()
  const journal = unanswered(record.journal, fault, 'look', now)
  if (journal !== claim.record.journal)
    await across(work, 'result', claim.ref, () => work.store.observe(claim, { journal, what: 'compute-silent' }, now))
  work.log.warn({ vm: record.wish.name, epoch: formatEpoch(claim.epoch), fault: fault.kind }, 'no answer to a look')
  return { at: now + sinceSilent(now, journal.trouble?.at ?? now) }
}
