/** The whole state of the simulated pool, for the final checks of tests: what is where, and how often it was done. */
import { formatEpoch } from '../../../src/model/epoch'
import type { HostCapacity, MachineSighting } from '../../../src/model/machine'
import { sighting, used } from './sight'
import type { HostState, Resource } from './state'
import type { Troubles } from './troubles'
import type { World } from './world'

export interface ResourceSnapshot {
  readonly sighting: MachineSighting
  /** `era.number` that the guard holds. */
  readonly epoch: string
  /** Only the ledger's line is left of it. */
  readonly departed: boolean
  /** Effects that changed something, by name (`define`, `disk.ensure`, `power.on`, `power.reboot`, …), departed or not. */
  readonly effects: Readonly<Record<string, number>>
  /** As it was defined; of the seed there is only the SHA-256 of its bytes. */
  readonly definition: NonNullable<Resource['machine']>['definition'] | null
  readonly rules: NonNullable<Resource['machine']>['rules']
  readonly snapshots: readonly string[]
  readonly results: readonly string[]
}

export interface HostSnapshot {
  readonly name: string
  readonly boot: string
  readonly boots: number
  readonly contact: HostState['contact']
  /** Calls that have reached it and are not through: attached commands, those in their queue, those that wait for it to thaw. */
  readonly calls: number
  readonly capacity: HostCapacity
  readonly used: HostCapacity
  readonly floor: string
  readonly foreign: HostState['foreign']
  readonly networks: HostState['networks']
  readonly resources: Readonly<Record<string, ResourceSnapshot>>
}

export interface Snapshot {
  readonly now: number
  readonly offsetMs: number
  readonly faults: Troubles['rules']
  readonly hosts: readonly HostSnapshot[]
}

/** Everything there is. `calls` counts those under way at a host. */
export const snapshot = (world: World, calls: (host: string) => number): Snapshot => ({
  now: world.clock.now(),
  offsetMs: world.clock.offsetMs,
  faults: world.troubles.rules,
  hosts: world.hosts.map((host) => hostSnapshot(world, host, calls(host.name))),
})

function hostSnapshot(world: World, host: HostState, calls: number): HostSnapshot {
  const all = world.resources(host.name)
  const now = world.clock.now()
  return {
    name: host.name,
    boot: host.boot,
    boots: host.boots,
    contact: host.contact,
    calls,
    capacity: host.capacity,
    used: used(host, all),
    floor: formatEpoch(host.floor),
    foreign: host.foreign,
    networks: host.networks,
    resources: Object.fromEntries(all.map((one) => [one.name, resourceSnapshot(one, all, now)])),
  }
}

const resourceSnapshot = (resource: Resource, all: readonly Resource[], now: number): ResourceSnapshot => ({
  sighting: sighting(resource.name, resource, all, now),
  epoch: formatEpoch(resource.guard.epoch),
  departed: resource.departedAt !== null,
  effects: resource.effects,
  definition: resource.machine?.definition ?? null,
  rules: resource.machine?.rules ?? {},
  snapshots: resource.snapshots.map((one) => one.name),
  results: resource.guard.results.map((kept) => kept.key),
})
