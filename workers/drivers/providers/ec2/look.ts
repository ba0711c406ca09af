/** What a poll and a look see: machines with the volumes that hang on them and the addresses that lead to them; volumes, and addresses. */
import type { Instance } from '@aws-sdk/client-ec2'
import type { MachineSighting } from '../../../../src/model/machine'
import type { HostListing } from '../../driver'
import { addressesOn, allAddresses, publicsByInstance, sightingsOf } from './addresses/lookup'
import type { Call } from './client'
import { allOf, everObjectsOf, whereTold } from './lookup'
import { absent, sorted } from './sighting'
import { isVolume } from './volumes'
import { allVolumes, diskOf, disksByInstance, sightingsOfVolumes, volumesNamed, volumesOn } from './volumes/lookup'

/** Faults: those of the calls. */
export async function listed(
  call: Call,
  site: string,
): Promise<Pick<HostListing, 'machines' | 'surplus' | 'foreign' | 'volumes' | 'volumesThere' | 'addresses'>> {
  // Of what is hung on between the two lists the machine's own look tells.
  const volumes = await allVolumes(call, site)
  const addresses = await allAddresses(call, site)
  const { machines, surplus } = sorted(await allOf(call, site))
  const disks = disksByInstance(volumes ?? [])
  const publics = publicsByInstance(addresses ?? [])
  const there = volumes && sightingsOfVolumes(volumes)
  return {
    machines: machines.map((machine) => withPublics(withDisks(machine, disks), publics)),
    surplus,
    foreign: [],
    ...(there === undefined ? {} : { volumes: [...new Set(there.map(({ name }) => name))], volumesThere: there }),
    ...(addresses === undefined ? {} : { addresses: sightingsOf(addresses) }),
  }
}

const withDisks = (machine: MachineSighting, disks: ReturnType<typeof disksByInstance>): MachineSighting => {
  const its = machine.id === null ? undefined : disks.get(machine.given?.object ?? '')
  return its === undefined ? machine : { ...machine, disks: its }
}

const withPublics = (machine: MachineSighting, publics: ReturnType<typeof publicsByInstance>): MachineSighting => {
  const its = machine.id === null ? undefined : publics.get(machine.given?.object ?? '')
  return its === undefined ? machine : { ...machine, publics: its }
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
  if (machine.id === null || object === undefined) return machine
  const id = object.InstanceId ?? ''
  const volumes = mayHaveVolumes(object) ? await volumesOn(call, site, id) : []
  const addresses = mayHaveAddresses(object) ? await whereTold(addressesOn(call, site, id)) : []
  return withPublics(withDisks(machine, disksByInstance(volumes ?? [])), publicsByInstance(addresses ?? []))
}

/** Beside its root disk; a service that tells no disks is asked. */
const mayHaveVolumes = ({ BlockDeviceMappings: disks }: Instance): boolean => disks === undefined || disks.length > 1

/** An address that comes and goes with it is Amazon's, one that was allocated the account's; a service that does not tell whose is asked. */
const mayHaveAddresses = ({ PublicIpAddress, NetworkInterfaces = [] }: Instance): boolean =>
  PublicIpAddress !== undefined && PublicIpAddress !== '' && NetworkInterfaces[0]?.Association?.IpOwnerId !== 'amazon'
