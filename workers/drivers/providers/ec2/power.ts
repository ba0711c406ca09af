/** Starting, stopping and restarting an instance, and ending it: levels, each reached from wherever it is. */
import type { Instance } from '@aws-sdk/client-ec2'
import { fault } from '../../../../src/faults'
import type { Effect, EffectTicket, PowerOrder } from '../../driver'
import { lacking } from '../lacking'
import type { Call } from './client'
import { DONE, soon } from './create'
import { isUnknown, objectsOf } from './lookup'
import { stateOf } from './sighting'

interface Asked {
  readonly call: Call
  readonly site: string
  readonly ticket: EffectTicket
  /** Keys of resets whose stop was ordered: the start is what is left of them. */
  readonly resetting: Set<string>
}

const idOf = ({ InstanceId = '' }: Instance): string => InstanceId

/** Faults: 'refused' for what is not there or, to be restarted, does not run; 'unsupported' for pausing. */
export async function power(asked: Asked, order: PowerOrder): Promise<Effect> {
  if ('to' in order && (order.to === 'paused' || order.to === 'unpaused')) throw lacking('suspend')
  const { call, site, ticket } = asked
  const [instance] = await objectsOf(call, site, ticket.resource)
  if ('to' in order && order.to === 'off') return instance ? turnOff(call, instance, order.how) : DONE
  if (instance === undefined) throw fault('refused', `${ticket.resource} is not at its provider`)
  if ('to' in order) return turnOn(call, instance)
  return order.again === 'reboot' ? reboot(call, instance) : reset(asked, instance)
}

async function turnOn(call: Call, instance: Instance): Promise<Effect> {
  const state = stateOf(instance)
  if (state === 'running') return DONE
  if (state === 'shutting-down') throw fault('refused', `${idOf(instance)} is being terminated`)
  if (state === 'stopped')
    await call((sdk, client, abortSignal) =>
      client.send(new sdk.StartInstancesCommand({ InstanceIds: [idOf(instance)] }), { abortSignal }),
    )
  return soon()
}

async function turnOff(call: Call, instance: Instance, how: 'graceful' | 'hard'): Promise<Effect> {
  const state = stateOf(instance)
  if (state === 'stopped' || state === 'shutting-down') return DONE
  // One that is still starting cannot be stopped yet (EC2 API reference, IncorrectInstanceState).
  if (state === 'pending') return soon()
  if (state !== 'stopping' || how === 'hard') await stop(call, instance, how)
  return soon()
}

const HOW = { graceful: {}, hard: { Force: true }, hibernating: { Hibernate: true } } as const

/** Orders it and waits for nothing. Faults: those of the call. */
export const stop = (call: Call, instance: Instance, how: keyof typeof HOW) =>
  call((sdk, client, abortSignal) =>
    client.send(new sdk.StopInstancesCommand({ InstanceIds: [idOf(instance)], ...HOW[how] }), { abortSignal }),
  )

async function reboot(call: Call, instance: Instance): Promise<Effect> {
  if (stateOf(instance) !== 'running') throw fault('refused', `${idOf(instance)} does not run`)
  await call((sdk, client, abortSignal) =>
    client.send(new sdk.RebootInstancesCommand({ InstanceIds: [idOf(instance)] }), { abortSignal }),
  )
  return DONE
}

/** There is no such call: a forced stop, then a start. Where the start is forgotten the machine is seen off, and started as one. */
async function reset({ call, ticket, resetting }: Asked, instance: Instance): Promise<Effect> {
  const state = stateOf(instance)
  const isOrdered = resetting.has(ticket.key)
  if (state === 'stopped' && !isOrdered) throw fault('refused', `${idOf(instance)} does not run`)
  if (state === 'stopped') {
    const started = await turnOn(call, instance)
    resetting.delete(ticket.key)
    return started.state === 'done' ? started : DONE
  }
  if (state === 'running' && !isOrdered) {
    resetting.add(ticket.key)
    await stop(call, instance, 'hard')
  }
  return soon()
}

/** All that bears the machine's mark ends; done once nothing of it is left. */
export async function terminate(call: Call, site: string, machine: string): Promise<Effect> {
  const objects = await objectsOf(call, site, machine)
  const alive = objects.filter((instance) => stateOf(instance) !== 'shutting-down').map(idOf)
  if (alive.length > 0) await terminateObjects(call, alive)
  const left = alive.length === 0 ? objects : await objectsOf(call, site, machine)
  return left.length === 0 ? DONE : soon()
}

/** Gone already is done. */
export async function terminateObjects(call: Call, ids: readonly string[]): Promise<void> {
  try {
    await call((sdk, client, abortSignal) =>
      client.send(new sdk.TerminateInstancesCommand({ InstanceIds: [...ids] }), { abortSignal }),
    )
  } catch (thrown) {
    if (!isUnknown(thrown)) throw thrown
  }
}
