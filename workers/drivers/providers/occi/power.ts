/** Starting, stopping and restarting a compute, and ending a machine: levels, each reached from wherever it is. */
import { asFault, fault } from '../../../../src/faults'
import type { Effect, PowerOrder } from '../../driver'
import { lacking } from '../lacking'
import { domainOf, isOnItsWay, type Machine, type OurCompute, refuseGivenUp } from './account'
import type { Client } from './api/client'
import { DONE, SOON } from './make'

/** Faults: 'refused' for what is not there or, to be restarted, does not run; 'unsupported' for pausing; those of the calls. */
export async function power(client: Client, { name, compute }: Machine, order: PowerOrder): Promise<Effect> {
  if ('to' in order && (order.to === 'paused' || order.to === 'unpaused')) throw lacking('suspend')
  if ('to' in order && order.to === 'off') return compute === null ? DONE : turnOff(client, compute, order.how)
  if (compute === null) throw fault('refused', `${name} is not at its provider`)
  if ('to' in order) return turnOn(client, compute)
  return restart(client, compute, order.again)
}

async function turnOn(client: Client, compute: OurCompute): Promise<Effect> {
  if (compute.state === 'active') return DONE
  refuseGivenUp(compute)
  // Neither up nor down: what it is on its way to is seen by looking.
  if (isOnItsWay(compute)) return SOON
  await client.act(compute.location, 'start', {})
  return SOON
}

async function turnOff(client: Client, compute: OurCompute, how: 'graceful' | 'hard'): Promise<Effect> {
  if (domainOf(compute) === 'off') return DONE
  // Its guest was asked already; cut, it goes down at once, whatever it is on its way to.
  if (how === 'graceful' && isOnItsWay(compute)) return SOON
  try {
    await client.act(compute.location, 'stop', { method: how === 'hard' ? 'poweroff' : 'graceful' })
  } catch (thrown) {
    // Going down already, and not to be hurried.
    if (!isOnItsWay(compute) || asFault(thrown).kind !== 'busy') throw thrown
  }
  return SOON
}

/** At least once: an answer that is lost has the same done again. */
async function restart(client: Client, compute: OurCompute, again: 'reboot' | 'reset'): Promise<Effect> {
  if (isOnItsWay(compute)) return SOON
  if (compute.state !== 'active') throw fault('refused', 'it does not run')
  await client.act(compute.location, 'restart', { method: again === 'reset' ? 'cold' : 'warm' })
  return DONE
}

/** All that bears the machine's mark ends, running or not. Gone already is done. */
export async function end(client: Client, { compute, surplus }: Machine): Promise<void> {
  for (const { location } of compute === null ? surplus : [compute, ...surplus]) await client.remove(location)
}
