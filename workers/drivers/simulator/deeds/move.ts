/** Moving a machine from one simulated host to another, with its disks and the volumes that hang on it. */
import { fault } from '../../../../src/faults'
import { compareEpochs, formatEpoch } from '../../../../src/model/epoch'
import { used } from '../sight'
import type { HostState, Resource } from '../state'
import type { OrderOf } from '../wire'
import { ALREADY, type Deed, type Here, machineOf, refuse, runs, withMachine } from './deed'
import { enough } from './define'
import { hostWithNetwork } from './network'
import { started } from './power'

/** The machine's resource and those of the volumes on it. */
const travellers = (here: Here, resource: Resource): readonly Resource[] => {
  const attached = machineOf(resource).definition.disks.map((disk) => disk.name)
  const owners = here.all.filter(
    (one) => one.name !== resource.name && one.disks.some((disk) => attached.includes(disk.name)),
  )
  return [resource, ...owners]
}

/** Live: it goes on running meanwhile. Cold: a running one sleeps until it is over there. `there`: undefined for no such host. */
export function move(here: Here, there: Here | undefined, resource: Resource, order: OrderOf<'move'>): Deed {
  if (!there) return refuse(`no host ${order.to}`)
  if (there.host.contact !== 'ok') return refuse(`connect to host ${order.to}: Connection timed out`)
  const arrived = there.all.find((one) => one.name === resource.name)
  if (!resource.machine && arrived?.machine) return ALREADY
  const machine = machineOf(resource)
  if (there.host.name === here.host.name) return ALREADY
  if (arrived && compareEpochs(arrived.guard.epoch, resource.guard.epoch) > 0)
    throw fault('stale', `${order.to} knows a newer claim`, { held: formatEpoch(arrived.guard.epoch) })
  if (arrived?.machine) refuse(`domain with name "${resource.name}" already exists on ${order.to}`)
  if (order.how === 'live' && machine.domain !== 'running')
    refuse(`${resource.name} is ${machine.domain}: no live move`)
  enough(there, resource, machine.definition.size)
  const needs = travellers(here, resource)
    .flatMap((one) => one.disks)
    .reduce((sum, disk) => sum + disk.sizeGiB, 0)
  const free = there.host.capacity.diskGiB - used(there.host, there.all).diskGiB
  if (needs > free) refuse(`no space left on ${order.to}: needs ${needs} GiB, has ${free}`)
  const sleeps = order.how === 'cold' && runs(machine)
  return {
    kind: 'slow',
    length: 'usual',
    resumes: sleeps,
    resource: sleeps ? withMachine(resource, { domain: 'saved', startedAt: null }) : resource,
  }
}

/** Public addresses stay behind: the host that a machine comes to has none of them lead to it yet. */
const unpublished = (resource: Resource): Resource =>
  resource.machine?.publics ? withMachine(resource, { publics: {} }) : resource

export interface Moved {
  readonly host: HostState
  readonly arrived: readonly Resource[]
  readonly left: readonly Resource[]
}

/** What both hosts have afterwards. To be written there first: a kill in between leaves the work to be finished again. */
export function finishMove(here: Here, there: Here, resource: Resource): Moved {
  const gone = travellers(here, resource)
  // Somebody may have taken the room meanwhile.
  enough(there, resource, machineOf(resource).definition.size)
  const resumes = resource.work?.resumes === true
  const host = machineOf(resource).definition.interfaces.reduce<HostState>(
    (sofar, one) => hostWithNetwork({ ...there, host: sofar }, one.network),
    there.host,
  )
  const arrived = gone.map((one): Resource => {
    const before = there.all.find((other) => other.name === one.name)
    const newer = before && compareEpochs(before.guard.epoch, one.guard.epoch) > 0
    const moved: Resource = {
      ...unpublished(one),
      guard: { epoch: newer ? before.guard.epoch : one.guard.epoch, results: before?.guard.results ?? [], work: null },
      work: null,
      departedAt: null,
      // Snapshots stay where they were taken.
      snapshots: before?.snapshots ?? [],
      effects: before?.effects ?? {},
    }
    return one === resource && resumes ? started(there, moved, 'resumed') : moved
  })
  const left = gone.map((one): Resource => ({ ...one, machine: null, disks: [] }))
  return { host, arrived, left }
}
