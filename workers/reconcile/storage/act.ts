/** One effect on a volume's disk: announced, done, and what came of it written down. */
import { type Fault, isThrottled, outcomeUnknown } from '../../../src/faults'
import type { HostId } from '../../../src/model/ids'
import type { StorageIntent, StorageJournal, StorageRecord, StorageSeen } from '../../../src/model/storage'
import type { Claim } from '../../../src/store/store'
import type { DiskSource, Driver, Effect, HostTarget } from '../../drivers/driver'
import { acted, tellStep } from '../acted'
import { afterFailures, STUCK_MS, sinceSilent } from '../backoff'
import { done, refused, troubled, underWay } from '../effect-journal'
import { unnamed } from '../journal'
import { across, type Next, type Work } from '../work'
import { announceStorage, silenceOf } from './journal'
import type { StorageDeed } from './plan'

export interface OnHost {
  readonly driver: Driver
  readonly target: HostTarget
}

/** Writes what was seen and what the journal became. */
export const writeStorage = (
  work: Work,
  claim: Claim<'storage'>,
  change: { readonly seen?: StorageSeen; readonly journal?: StorageJournal },
  what: string,
): Promise<boolean> =>
  across(work, 'result', claim.ref, () =>
    work.store.observe(claim, { ...change, raisePhase: true, what }, work.clock.now()),
  )

/** Faults thrown: stale, busy. */
export async function bringAbout(
  work: Work,
  claim: Claim<'storage'>,
  record: StorageRecord,
  on: OnHost,
  deed: StorageDeed,
): Promise<Next> {
  const began = work.clock.now()
  const { journal, intent } = announceStorage(record, deed, on.target.id as HostId, began)
  if (!(await across(work, 'intent', claim.ref, () => work.store.intend(claim, journal, began)))) return { at: began }
  const announced = { ...record, journal }
  const outcome = await acted(work, claim, () => effect(claim, announced, on, intent))
  const of = { volume: record.wish.name, step: deed.step, direction: deed.direction, sizeGiB: deed.sizeGiB }
  tellStep(work, claim, of, { key: intent.key, began }, outcome)
  return 'kind' in outcome ? failed(work, claim, announced, outcome) : went(work, claim, announced, intent, outcome)
}

function effect(
  claim: Claim<'storage'>,
  { wish }: StorageRecord,
  { driver, target }: OnHost,
  { step, direction, key, sizeGiB }: StorageIntent,
): Promise<Effect> {
  const ticket = { resource: wish.name, epoch: claim.epoch, key }
  if (direction === 'down') return driver.disk.remove(target, ticket, wish.name)
  return step === 'grow'
    ? driver.disk.grow(target, ticket, wish.name, sizeGiB)
    : driver.disk.ensure(target, ticket, {
        name: wish.name,
        sizeGiB,
        source: contentsOf(wish),
        ...(target.provider ? { provider: { beside: wish.holder?.computeName ?? null, type: wish.type } } : {}),
      })
}

/** Nothing, or a snapshot's contents. */
function contentsOf({ source }: StorageRecord['wish']): DiskSource {
  if (source === undefined || source.blank) return { from: 'blank' }
  const { file, on } = source
  return { from: 'snapshot', snapshot: on, ...(file === null ? {} : { file }) }
}

async function went(
  work: Work,
  claim: Claim<'storage'>,
  { journal, seen }: StorageRecord,
  { step, direction, sizeGiB }: StorageIntent,
  outcome: Effect,
): Promise<Next> {
  const now = work.clock.now()
  if (outcome.state === 'running') {
    await writeStorage(work, claim, { journal: underWay(journal) }, 'storage-under-way')
    return { at: now + outcome.lookAgainMs }
  }
  const after: StorageSeen =
    direction === 'down'
      ? { ...seen, at: now, sizeGiB: null }
      : {
          ...seen,
          at: now,
          sizeGiB,
          madeAt: seen.madeAt ?? now,
          grownAt: step === 'grow' ? now : seen.grownAt,
        }
  await writeStorage(work, claim, { seen: after, journal: done(journal) }, `storage-${step}-${direction}`)
  return { at: now }
}

async function failed(
  work: Work,
  claim: Claim<'storage'>,
  { journal, place }: StorageRecord,
  fault: Fault,
): Promise<Next> {
  const now = work.clock.now()
  if (outcomeUnknown(fault) || isThrottled(fault)) {
    const told = troubled(journal, { kind: fault.kind, message: silenceOf(fault) }, now)
    await writeStorage(work, claim, { journal: told }, 'storage-silent')
    return { at: now + sinceSilent(now, told.trouble?.at ?? now) }
  }
  if (fault.kind !== 'refused' && fault.kind !== 'unsupported') throw fault
  const told = refused(journal, { kind: fault.kind, message: unnamed(fault.message, place.hostName) }, now)
  await writeStorage(work, claim, { journal: told }, 'storage-refused')
  return { at: now + (told.stuck ? STUCK_MS : afterFailures(told.failures)) }
}
