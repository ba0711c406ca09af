/**
 * A provider without idempotency may make a machine twice: a late answer to an order that was given up and repeated. Its
 * driver says which one is the machine, the same for whoever looks; the other is removed by the very poll that shows it. No claim is asked for, for
 * nothing of the machine that is kept changes.
 */
import { asFault } from '../../../src/faults'
import type { Surplus } from '../../../src/model/providers/target'
import type { HostRecord } from '../../../src/model/records'
import { targetOf } from '../target'
import { within } from '../within'
import type { Work } from '../work'

/** So many in one poll; the rest wait for the next. */
const MOST = 50

export async function discardSurplus(work: Work, host: HostRecord, surplus: readonly Surplus[] = []): Promise<void> {
  const driver = work.driver(host.wish.driver)
  for (const one of surplus.slice(0, MOST)) {
    try {
      await within(driver.discard?.(targetOf(work, host), one) ?? Promise.resolve())
      work.log.warn({ host: host.wish.name, vm: one.machine, object: one.object }, 'surplus discarded')
    } catch (thrown) {
      const fault = asFault(thrown)
      if (fault.kind === 'internal') throw thrown
      work.log.warn({ host: host.wish.name, vm: one.machine, fault: fault.kind }, 'surplus not discarded')
    }
  }
}
