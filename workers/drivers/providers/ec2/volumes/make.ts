/**
 * Volumes of ours at EC2: EBS volumes that bear our tags, each in the zone of the machine that it is to hang on first. One is made once
 * however often it is asked for: CreateVolume takes a ClientToken, which is made from the intent's key, and is done once a look shows it.
 */
import type { Volume } from '@aws-sdk/client-ec2'
import { asFault, fault } from '../../../../../src/faults'
import type { DiskOrder, Effect, EffectTicket } from '../../../driver'
import { lacking } from '../../lacking'
import type { Call } from '../client'
import { DONE, soon } from '../create'
import { codeOf } from '../faults'
import { objectsOf } from '../lookup'
import { clientToken, keyOf, marksOfVolume } from '../marks'
import { hangingOf, hasFailed, volumesNamed } from './lookup'

export interface Asked {
  readonly call: Call
  readonly site: string
  readonly ticket: EffectTicket
}

const idOf = ({ VolumeId = '' }: Volume): string => VolumeId

/**
 * Faults: 'unsupported' for contents, which lie in the site's image store; 'busy' until the machine that it is made for is there;
 * 'refused' for what its provider could not make, and those of the calls.
 */
export async function ensureVolume({ call, site, ticket }: Asked, order: DiskOrder): Promise<Effect> {
  if (order.source.from !== 'blank') throw lacking('snapshot-disk')
  const all = await volumesNamed(call, site, order.name)
  const there = all.find((volume) => !hasFailed(volume))
  if (there !== undefined) return there.State === 'creating' ? soon() : DONE
  await clearFailed(call, all, ticket.key)
  const zone = await zoneBeside(call, site, order.provider?.beside ?? null)
  const type = order.provider?.type
  await call((sdk, client, abortSignal) =>
    client.send(
      new sdk.CreateVolumeCommand({
        AvailabilityZone: zone,
        Size: order.sizeGiB,
        ...(type === undefined ? {} : { VolumeType: type }),
        ClientToken: clientToken(site, ticket.key),
        TagSpecifications: [{ ResourceType: 'volume', Tags: marksOfVolume(site, order.name, ticket.key) }],
      }),
      { abortSignal },
    ),
  )
  return soon()
}

/**
 * What could not be made bears the volume's name and is nothing: it is removed, so that another one can be made. The token of the key that it
 * was made under would only show it again. Faults: 'refused' where that is this very key: the next one makes another.
 */
async function clearFailed(call: Call, failed: readonly Volume[], key: string): Promise<void> {
  for (const volume of failed) await deleteVolume(call, idOf(volume))
  if (failed.some((volume) => keyOf(volume) === key)) throw fault('refused', 'its provider could not make it')
}

/** A volume and what it hangs on lie in one zone (EC2: InvalidVolume.ZoneMismatch). */
async function zoneBeside(call: Call, site: string, machine: string | null): Promise<string> {
  if (machine === null) throw fault('refused', 'nothing says in which zone of its provider it is to be')
  const [instance] = await objectsOf(call, site, machine)
  const zone = instance?.Placement?.AvailabilityZone
  if (zone === undefined) throw fault('busy', 'its machine is not at its provider yet')
  return zone
}

/** Gone or never there: both are done. Faults: 'refused' while it hangs on a machine, and those of the calls. */
export async function removeVolume({ call, site }: Asked, name: string): Promise<Effect> {
  const there = await volumesNamed(call, site, name)
  const hanging = there.flatMap((volume) => hangingOf(volume) ?? [])
  if (hanging.some(({ state }) => state !== 'detaching')) throw fault('refused', `${name} hangs on a machine`)
  if (hanging.length > 0) return soon()
  for (const volume of there.filter(({ State }) => State !== 'deleting')) await deleteVolume(call, idOf(volume))
  const left = there.length === 0 ? there : await volumesNamed(call, site, name)
  return left.length === 0 ? DONE : soon()
}

async function deleteVolume(call: Call, id: string): Promise<void> {
  try {
    await call((sdk, client, abortSignal) =>
      client.send(new sdk.DeleteVolumeCommand({ VolumeId: id }), { abortSignal }),
    )
  } catch (thrown) {
    if (codeOf(asFault(thrown).cause) !== 'InvalidVolume.NotFound') throw thrown
  }
}

/** Only ever larger; done once a look shows the size. Faults: 'refused', 'busy' while an earlier change is under way. */
export async function growVolume({ call, site }: Asked, name: string, sizeGiB: number): Promise<Effect> {
  const [volume] = await volumesNamed(call, site, name)
  if (volume === undefined) throw fault('refused', `${name} is not at its provider`)
  const now = volume.Size ?? 0
  if (now > sizeGiB) throw fault('refused', `${name} has ${now} GiB and cannot be made smaller`)
  if (now === sizeGiB) return DONE
  await call((sdk, client, abortSignal) =>
    client.send(new sdk.ModifyVolumeCommand({ VolumeId: idOf(volume), Size: sizeGiB }), { abortSignal }),
  )
  return soon()
}
