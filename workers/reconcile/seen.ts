/**
 * From a sighting to what a record says was seen. Pure; used by the machine's own job and by its host's.
 *
 * Levels: `seen.starts` is the last start order that was fulfilled. A machine that runs while it should has fulfilled all of
 * them. One that ran and is off now was stopped by itself, unless its host restarted since or ended it when it was cut off: then
 * the order is unfulfilled again, and the machine is started again; so it is where its guest restarts and nobody on its host does that.
 */
import type { HostId } from '../../src/model/ids'
import type { MachineSighting } from '../../src/model/machine'
import type { ComputeRecord, ComputeSeen, Intent } from '../../src/model/records'

/** Whether a domain runs, as far as its owner is concerned. */
export const runs = (machine: MachineSighting | null): boolean =>
  machine !== null && (machine.domain === 'running' || machine.domain === 'paused')

/** Whether a host has nothing of the machine. */
export const isNothing = (machine: MachineSighting): boolean =>
  machine.domain === 'absent' && machine.disks.length === 0 && machine.interfaces.length === 0 && machine.work === null

export const nothingOf = (name: string): MachineSighting => ({
  name,
  id: null,
  domain: 'absent',
  disks: [],
  interfaces: [],
  work: null,
  startedAt: null,
})

export interface SeenOn {
  readonly host: HostId
  /** Boot identity of the host as far as known. */
  readonly boot: string | null
}

/** What the record's `seen` becomes with this sighting of `now` (ms). */
export function sighted(record: ComputeRecord, machine: MachineSighting, on: SeenOn, now: number): ComputeSeen {
  const { seen, wish, journal } = record
  const before = seen.host === on.host && runs(seen.machine)
  const { unbegun: _was, lost, ...known } = seen
  const base: ComputeSeen = {
    ...known,
    ...(lost === undefined || isFound(lost, machine, on) ? {} : { lost }),
    ...(isUnbegun(record, machine, on) ? { unbegun: true as const } : {}),
    at: now,
    host: isNothing(machine) ? null : on.host,
    contact: 'ok',
    machine,
  }
  if (runs(machine)) {
    const { given } = machine
    const there = given === undefined ? base : { ...base, object: given.object }
    const started = before ? there : { ...there, ...startLevels(seen, journal.intent), startedAt: now, stoppedAt: null }
    return { ...started, hostBoot: on.boot, starts: wish.power === 'on' ? wish.starts : started.starts }
  }
  if (!before)
    return isPutAside(record, machine) || isLeftToUs(record, machine) ? { ...base, starts: startsAgain(record) } : base
  const hostRestarted = on.boot !== null && seen.hostBoot !== null && on.boot !== seen.hostBoot
  const wasEnded =
    hostRestarted ||
    machine.endedByWatch === true ||
    isLeftToUs(record, machine) ||
    isRestarting(record, on) ||
    isPutAside(record, machine)
  const starts = wasEnded ? startsAgain(record) : seen.starts
  return { ...base, starts, stoppedAt: now }
}

const isFound = ({ host, object }: NonNullable<ComputeSeen['lost']>, machine: MachineSighting, on: SeenOn): boolean =>
  machine.id !== null && (object === null ? host === on.host : object === machine.given?.object)

/**
 * What was ordered here and was never seen past its making. The order says so, for a machine that is started again is on its way up too, and
 * all that it ever kept is on that one.
 */
function isUnbegun({ seen, journal: { intent } }: ComputeRecord, machine: MachineSighting, on: SeenOn): boolean {
  if (seen.unbegun) return machine.unbegun === true || machine.domain === 'absent'
  const isOrdered = intent?.step === 'define' && intent.direction === 'up' && intent.host === on.host
  const isNew = !(seen.host === on.host && runs(seen.machine)) && machine.given?.object !== seen.object
  return machine.unbegun === true && isOrdered && isNew
}

/** Its guest restarts, and whose work that was on its host is not there any more. */
const isLeftToUs = ({ wish }: ComputeRecord, machine: MachineSighting): boolean =>
  wish.power === 'on' && machine.restarts === true

/** It gave its place away, and is to run again when it has one. */
const isPutAside = ({ wish, place }: ComputeRecord, machine: MachineSighting): boolean =>
  wish.power === 'on' && place.parked !== undefined && (machine.domain === 'saved' || place.parked.how === 'off')

/** Between the end of its domain and the next one in a restart of ours, or where that has failed: nobody shut it down. */
const isRestarting = ({ wish, seen, journal: { intent } }: ComputeRecord, on: SeenOn): boolean =>
  intent !== null &&
  intent.host === on.host &&
  intent.outcome !== 'done' &&
  ((intent.step === 'reboot' && wish.boots > seen.boots) || (intent.step === 'reset' && wish.resets > seen.resets))

/** A start fulfils the restarts that were ordered before it. */
const startLevels = (seen: ComputeSeen, intent: Intent | null): Pick<ComputeSeen, 'boots' | 'resets'> =>
  (intent?.step === 'power' || intent?.step === 'define') && intent.direction === 'up'
    ? { boots: Math.max(seen.boots, intent.levels.boots), resets: Math.max(seen.resets, intent.levels.resets) }
    : { boots: seen.boots, resets: seen.resets }

/** Levels that an effect fulfils once it is done. */
export function fulfilled(seen: ComputeSeen, intent: Intent): ComputeSeen {
  const { starts, boots, resets } = intent.levels
  if (intent.direction === 'down') return seen
  switch (intent.step) {
    case 'power':
      return {
        ...seen,
        starts: Math.max(seen.starts, starts),
        boots: Math.max(seen.boots, boots),
        resets: Math.max(seen.resets, resets),
        hostBoot: intent.boot,
      }
    case 'adopt':
    case 'define': {
      // Rules go with the former definition.
      const { rules: _given, ...rest } = seen
      const { size } = intent.levels
      return { ...rest, defined: intent.item, ...(size === undefined ? {} : { sized: { defined: size, now: size } }) }
    }
    case 'resize': {
      const { size } = intent.levels
      return size === undefined || seen.sized === undefined ? seen : { ...seen, sized: { ...seen.sized, now: size } }
    }
    case 'connect': {
      // The new interface has none yet.
      const { rules: _given, ...rest } = seen
      return rest
    }
    case 'rules':
      return { ...seen, rules: intent.item }
    case 'reboot':
      return { ...seen, boots: Math.max(seen.boots, boots) }
    case 'reset':
      return { ...seen, boots: Math.max(seen.boots, boots), resets: Math.max(seen.resets, resets) }
    default:
      return seen
  }
}

/**
 * Its guest shut it down, nobody ordered that, and its owner wants it gone then (EC2 InstanceInitiatedShutdownBehavior). A crash,
 * a restart of the host and a memory image are no such end, nor is a stop at its provider of which that says that it was not the guest's.
 */
export const endedByItself = ({ wish, seen }: ComputeRecord, machine: MachineSighting): boolean =>
  wish.options?.onShutdown === 'terminate' &&
  wish.exists &&
  wish.power === 'on' &&
  machine.domain === 'off' &&
  machine.ended?.by !== 'account' &&
  machine.ended?.by !== 'provider' &&
  seen.stoppedAt !== null &&
  seen.starts >= wish.starts

/** Where it is to run and does not: the last start order is unfulfilled again. */
export const startsAgain = ({ wish, seen }: Pick<ComputeRecord, 'wish' | 'seen'>): number =>
  wish.power === 'on' ? Math.min(seen.starts, wish.starts - 1) : seen.starts

/** Of one that was seen on its way up and ended before it ran: as if it had not been seen there. */
export const neverRan = (record: Pick<ComputeRecord, 'wish' | 'seen'>): ComputeSeen => ({
  ...record.seen,
  startedAt: null,
  stoppedAt: null,
  starts: startsAgain(record),
})

/** Whether two observations differ in what anybody cares about: not the time of looking, not the progress of work. */
export function differs(a: ComputeSeen, b: ComputeSeen): boolean {
  return essence(a) !== essence(b)
}

/** Written out field by field: two drivers' calls need not name things in the same order. */
function essence(seen: ComputeSeen): string {
  const {
    machine,
    host,
    contact,
    hostBoot,
    starts,
    boots,
    resets,
    defined,
    rules,
    sized,
    moves,
    freed,
    unbegun,
    lost,
    startedAt,
    stoppedAt,
    goneAt,
  } = seen
  return JSON.stringify([
    [host, contact, hostBoot, starts, boots, resets, defined, rules, sized, moves, freed, startedAt, stoppedAt, goneAt],
    [unbegun ?? false, lost?.host, lost?.object],
    machine && [
      machine.id,
      machine.domain,
      machine.disks
        .map((disk) => `${disk.name} ${disk.sizeGiB} ${disk.attached} ${disk.pool ?? ''} ${disk.open ?? ''}`)
        .sort(),
      [...machine.interfaces].sort(),
      (machine.publics ?? []).map(({ ip, mac }) => `${ip} ${mac}`).sort(),
      machine.work && [machine.work.key, machine.work.what],
      machine.restartable ?? null,
      machine.restarts ?? null,
      machine.given ?? null,
      machine.ended ?? null,
    ],
  ])
}
