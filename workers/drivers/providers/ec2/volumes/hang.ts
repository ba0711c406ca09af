/** Hanging a volume on a machine and taking it off, hot or while it is off: levels, each looked at before it is asked for. */
import type { Instance, Volume } from '@aws-sdk/client-ec2'
import { fault } from '../../../../../src/faults'
import type { Effect } from '../../../driver'
import { DONE, soon } from '../create'
import { objectsOf } from '../lookup'
import { stateOf } from '../sighting'
import { hangingOf, volumesNamed } from './lookup'
import type { Asked } from './make'

const SOON_MS = 500

/** Faults: 'refused' for what is not there, hangs elsewhere, or lies in another zone; those of the calls. */
export async function attachVolume(
  { call, site, ticket }: Asked,
  { name, device }: { readonly name: string; readonly device: string },
): Promise<Effect> {
  const [volume] = await volumesNamed(call, site, name)
  const [instance] = await objectsOf(call, site, ticket.resource)
  if (volume === undefined) throw fault('refused', `${name} is not at its provider`)
  if (instance === undefined) throw fault('refused', `${ticket.resource} is not at its provider`)
  const there = hangingOf(volume)
  if (there?.instance === instance.InstanceId && there?.state === 'attached') return DONE
  if (there?.instance === instance.InstanceId || there?.state === 'detaching') return soon(SOON_MS)
  if (there !== undefined) throw fault('refused', `${name} hangs on another machine`)
  refuseOtherZone(volume, instance, name)
  // On its way up or down it takes none (EC2: IncorrectState).
  if (!['running', 'stopped'].includes(stateOf(instance)) || volume.State === 'creating') return soon()
  await call((sdk, client, abortSignal) =>
    client.send(
      new sdk.AttachVolumeCommand({ VolumeId: volume.VolumeId, InstanceId: instance.InstanceId, Device: device }),
      { abortSignal },
    ),
  )
  return soon(SOON_MS)
}

function refuseOtherZone({ AvailabilityZone: its }: Volume, { Placement }: Instance, name: string): void {
  const theirs = Placement?.AvailabilityZone
  if (its !== undefined && theirs !== undefined && its !== theirs)
    throw fault('refused', `${name} lies in ${its} at its provider, and its machine in ${theirs}`)
}

/** It is not forced off: what its guest still has open comes off when the guest lets go. Not on the machine is done. */
export async function detachVolume({ call, site, ticket }: Asked, name: string): Promise<Effect> {
  const [volume] = await volumesNamed(call, site, name)
  const there = volume && hangingOf(volume)
  if (there === undefined) return DONE
  const instances = await objectsOf(call, site, ticket.resource)
  if (!instances.some(({ InstanceId }) => InstanceId === there.instance)) return DONE
  if (there.state === 'attached')
    await call((sdk, client, abortSignal) =>
      client.send(new sdk.DetachVolumeCommand({ VolumeId: volume?.VolumeId, InstanceId: there.instance }), {
        abortSignal,
      }),
    )
  return soon(SOON_MS)
}
