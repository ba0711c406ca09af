import type { StateReason } from '@aws-sdk/client-ec2'
import { hasFailed, hasGivenUp, isStuck, lifecycle, stateMessage, stoppedThere } from '../../model/lifecycle'
import type { ComputeRecord } from '../../model/records'

const CODES: Readonly<Record<string, string>> = {
  failed: 'Server.InternalError',
  unknown: 'Server.HostUnreachable',
  pending: 'Server.InsufficientInstanceCapacity',
  reserved: 'pending',
}

/** Why the machine is as it is, with EC2's codes; undefined while there is nothing to tell. */
export function stateReason(record: ComputeRecord): StateReason | undefined {
  const state = lifecycle(record)
  const troubled = hasFailed(record) || isStuck(record) || state === 'unknown' || waitsInVain(record)
  if (hasGivenUp(record)) return { Code: 'Server.InsufficientInstanceCapacity', Message: stateMessage(record) ?? '' }
  if (troubled) return { Code: CODES[state] ?? 'Server.InternalError', Message: stateMessage(record) ?? '' }
  if (record.place.parked && record.wish.exists && record.wish.power === 'on')
    return { Code: 'Server.SpotInstanceShutdown', Message: stateMessage(record) ?? '' }
  if (record.journal.trouble && state !== 'running') return { Code: 'pending', Message: stateMessage(record) ?? '' }
  const ended = record.wish.power === 'on' && record.wish.exists ? undefined : saidByServer(record)
  if (ended) return ended
  if (!record.wish.exists) return USER_SHUTDOWN
  if (state === 'poweroff' || state === 'suspended' || state === 'stopping' || state === 'saving')
    return stopped(record)
  return state === 'running' ? undefined : { Code: 'pending', Message: 'pending' }
}

const waitsInVain = (record: ComputeRecord): boolean =>
  ['pending', 'reserved'].includes(lifecycle(record)) && record.place.waiting !== null

/** It was not its owner who ended it just now: `Server.ScheduledStop: …`. */
function saidByServer({ wish: { reason } }: ComputeRecord): StateReason | undefined {
  return reason.startsWith('Server.') ? { Code: reason.slice(0, reason.indexOf(':')), Message: reason } : undefined
}

/** Wanted on and yet off: the guest shut itself down, or somebody stopped it at its provider. */
const stopped = (record: ComputeRecord): StateReason => stoppedByOthers(record) ?? stoppedHere(record)

function stoppedByOthers(record: ComputeRecord): StateReason | undefined {
  const there = stoppedThere(record)
  return there === null
    ? undefined
    : { Code: 'Server.StoppedAtProvider', Message: `Server.StoppedAtProvider: ${there}` }
}

const USER_SHUTDOWN = of('Client.UserInitiatedShutdown', 'User initiated shutdown')

function stoppedHere(record: ComputeRecord): StateReason {
  if (record.wish.power === 'on') return of('Client.InstanceInitiatedShutdown', 'Instance initiated shutdown')
  // Whose memory was not kept is merely off.
  const keepsMemory = record.wish.power === 'suspended' && lifecycle(record) !== 'poweroff'
  return keepsMemory ? of('Client.UserInitiatedHibernate', 'User initiated hibernate') : USER_SHUTDOWN
}

/** EC2's messages begin with their code. */
function of(Code: string, text: string): StateReason {
  return { Code, Message: `${Code}: ${text}` }
}
