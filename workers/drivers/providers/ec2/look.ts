/** What a poll and a look see: machines with the volumes that hang on them, and volumes. */
import type { Instance } from '@aws-sdk/client-ec2'
import type { MachineSighting } from '../../../../src/model/machine'
import type { HostListing } from '../../driver'
import type { Call } from './client'
import { allOf, everObjectsOf } from './lookup'
import { absent, sorted } from './sighting'
import { isVolume } from './volumes'
import { allVolumes, diskOf, disksByInstance, nameOf, volumesNamed, volumesOn } from './volumes/lookup'

/** Faults: those of the calls. */
export async function listed(
  call: Call,
  site: string,
): Promise<Pick<HostListing, 'machines' | 'surplus' | 'foreign' | 'volumes'>> {
  // Of what is hung on between the two lists the machine's own look tells.
  const volumes = await allVolumes(call, site)
  const { machines, surplus } = sorted(await allOf(call, site))
  const disks = disksByInstance(volumes ?? [])
  const names = volumes && [...new Set(volumes.flatMap((volume) => nameOf(volume) ?? []))]
  return {
    machines: machines.map((machine) => withDisks(machine, disks)),
    surplus,
    foreign: [],
    ...(names === undefined ? {} : { volumes: names }),
  }
}

const withDisks = (machine: MachineSighting, disks: ReturnType<typeof disksByInstance>): MachineSighting => {
  const its = machine.id === null ? undefined : disks.get(machine.given?.object ?? '')
  return its === undefined ? machine : { ...machine, disks: its }
}

/** One machine, or one volume: its disk and nothing else. Faults: those of the calls. */
export async function found(call: Call, site: string, resource: string): Promise<MachineSighting> {
  if (isVolume(resource)) {
    const disks = (await volumesNamed(call, site, resource)).flatMap((volume) => diskOf(volume) ?? [])
    return { ...absent(resource), disks: disks.slice(0, 1) }
  }
  const instances = await everObjectsOf(call, site, resource)
  const machine = sorted(instances).machines[0] ?? absent(resource)
  const object = instances.find(({ InstanceId }) => InstanceId === machine.given?.object)
  if (machine.id === null || object === undefined || !mayHaveVolumes(object)) return machine
  return withDisks(machine, disksByInstance((await volumesOn(call, site, object.InstanceId ?? '')) ?? []))
}

/** Beside its root disk; a service that tells no disks is asked. */
const mayHaveVolumes = ({ BlockDeviceMappings: disks }: Instance): boolean => disks === undefined || disks.length > 1
