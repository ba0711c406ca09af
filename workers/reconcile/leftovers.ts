/**
 * What a host has that bears our mark and has no place there.
 *
 * Without a record it is an orphan: told to the operator, never touched. With a record that is gone, or that has its place
 * elsewhere and no word of this host in its journal, it is a leftover (of a place that was given up unasked, or of a
 * restored backup): removed under a claim of that machine, which fences everybody else, and after a guarded look.
 */
import { asFault } from '../../src/faults'
import { formatEpoch } from '../../src/model/epoch'
import type { MachineSighting } from '../../src/model/machine'
import type { ComputeRecord, HostRecord } from '../../src/model/records'
import type { Claim } from '../../src/store/store'
import type { Driver, HostTarget } from '../drivers/driver'
import { ladderOf } from './steps'
import { targetOf } from './target'
import { within } from './within'
import { across, type Work } from './work'

interface Found {
  /** Names without a record. */
  readonly orphans: readonly string[]
  /** Machines whose record has nothing to do with this host. */
  readonly leftovers: readonly { readonly id: string; readonly name: string }[]
}

/** Whether a host holds something of a machine that has no business there. */
const isLeftover = ({ place, journal }: ComputeRecord, host: string): boolean =>
  place.host !== host && place.moving?.to.host !== host && journal.intent?.host !== host

/** Sorts what a list showed beyond the machines that have their place there. */
export async function leftoversOf(work: Work, host: string, machines: readonly MachineSighting[]): Promise<Found> {
  if (machines.length === 0) return { orphans: [], leftovers: [] }
  const names = machines.map((machine) => machine.name)
  const taken = await work.store.resolve('names', names)
  const ids = taken.map((ref, at) => (ref?.startsWith('compute:') ? ref.slice('compute:'.length) : machines[at]?.id))
  const records = await work.store.readMany(
    'compute',
    ids.map((id) => id ?? ''),
  )
  const orphans = names.filter((_name, at) => records[at] === undefined)
  const leftovers = records.flatMap((record) =>
    record && isLeftover(record, host) ? [{ id: record.id, name: record.wish.name }] : [],
  )
  return { orphans, leftovers }
}

/** Volumes on a host that no record knows: told to the operator like machines without one, never touched. */
export async function orphanVolumes(work: Work, volumes: readonly string[]): Promise<readonly string[]> {
  if (volumes.length === 0) return []
  const taken = await work.store.resolve('names', volumes)
  return volumes.filter((_name, at) => taken[at] === undefined)
}

/** One step of removing a leftover, at most one look and one effect; the next poll goes on. */
export async function clearLeftover(work: Work, host: HostRecord, id: string): Promise<void> {
  const ref = { kind: 'compute', id } as const
  const claim = await across(work, 'claim', ref, () => work.store.claim('compute', id, work.clock.now()))
  if (!claim) return
  try {
    if (isLeftover(claim.record, host.id)) await remove(work, claim, host)
  } catch (thrown) {
    const fault = asFault(thrown)
    if (fault.kind === 'internal') throw thrown
    work.log.warn({ vm: claim.record.wish.name, host: host.wish.name, fault: fault.kind }, 'leftover not removed')
  }
  // The claim took the machine from its own job: that one begins anew.
  const now = work.clock.now()
  await work.store.settle(claim, now, now)
  await work.queue.add([ref])
}

async function remove(work: Work, claim: Claim<'compute'>, host: HostRecord): Promise<void> {
  const driver = work.driver(host.wish.driver)
  const target = targetOf(work, host)
  const ticket = { resource: claim.record.wish.name, epoch: claim.epoch }
  const machine = await across(work, 'look', claim.ref, () => within(driver.find(target, ticket)))
  await removeOne(work, claim, { driver, target, machine })
}

/** One step down of what a look by this claim showed; false: nothing is left to remove. Faults: the driver's. */
export async function removeOne(
  work: Work,
  claim: Claim<'compute'>,
  {
    driver,
    target,
    machine,
  }: { readonly driver: Driver; readonly target: HostTarget; readonly machine: MachineSighting },
): Promise<boolean> {
  const { record } = claim
  const ticket = { resource: record.wish.name, epoch: claim.epoch }
  const key = `${record.id}/leftover/down/${formatEpoch(claim.epoch)}`
  if (machine.work !== null) {
    const cancelled = machine.work.key
    await across(work, 'act', claim.ref, () => within(driver.cancel(target, { ...ticket, key: cancelled })))
    return true
  }
  // A disk on shared storage is the machine's own, wherever it is now.
  const here = { ...machine, disks: machine.disks.filter((disk) => disk.pool === undefined) }
  const step = ladderOf(machine)
    .toReversed()
    .find((candidate) => candidate.leaves(record, here) !== undefined)
  const item = step?.leaves(record, here)
  if (step === undefined || item === undefined) return false
  const call = {
    driver,
    host: target,
    ticket: { ...ticket, key },
    record,
    site: work.store.site,
    item,
    image: async () => undefined,
    network: async () => undefined,
    unseal: work.unseal,
  }
  await across(work, 'act', claim.ref, () => within(step.down(call)))
  work.log.info({ vm: record.wish.name, host: target.name, step: step.name, item }, 'leftover removed')
  return true
}
