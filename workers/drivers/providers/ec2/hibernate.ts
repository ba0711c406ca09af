/**
 * Stopping an instance so that its memory is kept: EC2 writes it to the root disk, and the next start goes on from there. Only what was
 * run with HibernationOptions.Configured=true can be stopped so (EC2 action StopInstances, Hibernate).
 */
import { asFault, fault } from '../../../../src/faults'
import type { Effect, EffectTicket } from '../../driver'
import { lacking } from '../lacking'
import type { Call } from './client'
import { DONE, soon } from './create'
import { codeOf } from './faults'
import { EC2_LACKS } from './lacks'
import { objectsOf } from './lookup'
import { stop } from './power'
import { isHibernated, stateOf } from './sighting'

/** A level: done once it is stopped with its memory kept. Faults: 'unsupported' for what was not launched so, 'refused' for what does not run. */
export async function hibernate(call: Call, site: string, { resource }: EffectTicket): Promise<Effect> {
  const [instance] = await objectsOf(call, site, resource)
  if (instance === undefined) throw fault('refused', `${resource} is not at its provider`)
  if (!instance.HibernationOptions?.Configured) throw lacking('suspend', EC2_LACKS)
  if (isHibernated(instance)) return DONE
  const state = stateOf(instance)
  if (state === 'stopped' || state === 'shutting-down') throw fault('refused', `${resource} does not run`)
  if (state === 'running') await stop(call, instance, 'hibernating').catch(refusedNow)
  return soon()
}

/** EC2 answers that of a guest that is not ready for it, for a few minutes after its start: no refusal for good. */
function refusedNow(thrown: unknown): never {
  const { cause } = asFault(thrown)
  if (codeOf(cause) !== 'UnsupportedOperation') throw thrown
  throw fault('refused', 'its provider cannot hibernate it now: its guest may not be ready for it', { cause })
}
