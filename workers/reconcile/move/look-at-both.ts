/** Guarded looks at both hosts of a machine that is being moved: from here on both refuse every older claim. */
import { asFault } from '../../../src/faults'
import type { MachineSighting } from '../../../src/model/machine'
import type { ComputeRecord, HostRecord, Moving } from '../../../src/model/records'
import type { Claim } from '../../../src/store/store'
import type { Driver, HostTarget } from '../../drivers/driver'
import { silent, tellsNothing } from '../look'
import type { SeenOn } from '../seen'
import { targetOf } from '../target'
import { within } from '../within'
import { across, type Next, type Work } from '../work'

/** One of the two hosts, as it was seen. */
export interface Peer {
  readonly machine: MachineSighting
  readonly driver: Driver
  readonly target: HostTarget
  readonly on: SeenOn
}
export interface Both {
  readonly here: Peer
  /** The other host; undefined: it does not answer. */
  readonly there: Peer | undefined
  /** How the other host is reached, whether it answers or not. */
  readonly to: HostTarget
}

/** Faults thrown: stale, busy. When its own host cannot be asked, that is told on the record and asked again later. */
export async function lookAtBoth(
  work: Work,
  claim: Claim<'compute'>,
  record: ComputeRecord,
  moving: Moving,
): Promise<Both | { readonly next: Next }> {
  const [from, to] = await work.store.readMany('host', [record.place.host ?? '', moving.to.host])
  if (!from || !to) throw new Error(`${record.wish.name} is on its way between hosts of which one is not there`)
  // The other one first: it must know this claim before its own host can be ordered to send anything.
  const there = await orSilence(peerOn(work, claim, to))
  const here = await orSilence(peerOn(work, claim, from))
  if ('fault' in here) return { next: await silent(work, claim, record, here.fault) }
  return { here, there: 'fault' in there ? undefined : there, to: targetOf(work, to) }
}

/** The other host alone; its silence as a fault. Faults thrown: stale, busy. */
export async function lookThere(work: Work, claim: Claim<'compute'>, { wish }: ComputeRecord, moving: Moving) {
  const to = await work.store.read('host', moving.to.host)
  if (!to) throw new Error(`${wish.name} is on its way to a host that is not there`)
  return orSilence(peerOn(work, claim, to))
}

async function peerOn(work: Work, claim: Claim<'compute'>, host: HostRecord): Promise<Peer> {
  const driver = work.driver(host.wish.driver)
  const target = targetOf(work, host)
  const ticket = { resource: claim.record.wish.name, epoch: claim.epoch }
  const machine = await across(work, 'look', claim.ref, () => within(driver.find(target, ticket)))
  return { machine, driver, target, on: { host: host.id, boot: host.seen.boot } }
}

async function orSilence(looking: Promise<Peer>) {
  try {
    return await looking
  } catch (thrown) {
    const fault = asFault(thrown)
    if (!tellsNothing(fault)) throw thrown
    return { fault }
  }
}
