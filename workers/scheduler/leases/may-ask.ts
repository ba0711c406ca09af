/** What plain sense refuses whatever room there is (Haizea asks this before it looks for room). */
import type { HostCapacity } from '../../../src/model/machine'
import type { Calendar } from './calendar'
import { type Desk, secondsOf } from './desk'
import type { Lease } from './lease'

/** Why it may not be asked for; null: it may. */
export function refusal({ now, overheads }: Desk, lease: Lease): string | null {
  const { machines, terms, seconds } = lease
  if (machines.length === 0) return 'it has no machines'
  if (seconds !== null && !(seconds > 0)) return 'its duration is not above 0 s'
  if (terms.kind === 'deadline' && seconds === null) return 'a lease with a deadline needs a duration'
  if (terms.kind === 'reservation' && terms.start < now) return 'its start lies in the past'
  if (terms.kind === 'deadline' && terms.by < now + secondsOf(lease))
    return 'it would end after its deadline even if it began now'
  if (terms.kind !== 'reservation') return null
  if (terms.start + secondsOf(lease) <= now + overheads.bootSeconds) return 'it would be over before it has booted'
  return null
}

/** Whether some machine of it is larger than every host that it may use. */
export function isTooLarge(
  { rooms, places }: Calendar,
  { machines }: Lease,
  allowed: readonly number[] | undefined,
): boolean {
  const nodes = allowed ?? places
  return machines.some((machine) => nodes.every((node) => !holds(rooms[node], machine)))
}

const holds = (room: HostCapacity | undefined, machine: HostCapacity): boolean =>
  room !== undefined &&
  room.cpuHundredths >= machine.cpuHundredths &&
  room.memoryMiB >= machine.memoryMiB &&
  room.diskGiB >= machine.diskGiB
