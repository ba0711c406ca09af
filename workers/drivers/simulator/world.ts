/**
 * All simulated hosts: in memory for reading, in files for keeping. Every change is on disk before it is in memory, and in
 * memory before anybody is answered; so what was acknowledged is there after any kill.
 */
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { fault } from '../../../src/faults'
import { NO_EPOCH } from '../../../src/model/epoch'
import type { HostCapacity } from '../../../src/model/machine'
import { sweep } from '../guard/ledger'
import { SimulatedClock } from './clock'
import type { Here } from './deeds/deed'
import { listFolder, readJson, removeFile, writeJson } from './folder'
import { type Disk, type HostState, hostSchema, isPresent, type Resource, resourceSchema } from './state'
import { Troubles } from './troubles'

interface Host {
  state: HostState
  readonly resources: Map<string, Resource>
}

export class World {
  readonly clock: SimulatedClock
  readonly troubles: Troubles
  readonly #folder: string
  readonly #hosts = new Map<string, Host>()
  /** Where detached work is under way, `host/resource`. */
  readonly #working = new Map<string, { readonly host: string; readonly resource: string }>()

  constructor(folder: string) {
    this.#folder = folder
    this.clock = new SimulatedClock(folder)
    this.troubles = new Troubles(folder)
    for (const name of listFolder(join(folder, 'hosts'))) this.#load(name)
    this.sweep()
  }

  #load(name: string): void {
    const state = readJson(this.#path(name, 'host.json'), hostSchema)
    if (!state) return
    const host: Host = { state, resources: new Map() }
    this.#hosts.set(name, host)
    for (const file of listFolder(this.#path(name, 'resources'))) {
      const resource = readJson(this.#path(name, 'resources', file), resourceSchema)
      if (resource) this.#remember(host, resource)
    }
  }

  #path(...parts: readonly string[]): string {
    return join(this.#folder, 'hosts', ...parts)
  }

  get hosts(): readonly HostState[] {
    return [...this.#hosts.values()].map((host) => host.state)
  }

  /** 'unreachable' for a host that is not there: nobody answers at its address. */
  host(name: string): HostState {
    return this.#get(name).state
  }

  #get(name: string): Host {
    const host = this.#hosts.get(name)
    if (!host) throw fault('unreachable', `no simulated host ${name}`)
    return host
  }

  has(name: string): boolean {
    return this.#hosts.has(name)
  }

  resource(host: string, name: string): Resource | undefined {
    return this.#get(host).resources.get(name)
  }

  /** Departed ones too. */
  resources(host: string): readonly Resource[] {
    return [...this.#get(host).resources.values()]
  }

  /** A host and all on it, as the deeds want it. */
  around(host: string): Here {
    const elsewhere = (snapshot: string) => this.#snapshot(snapshot)
    return { host: this.host(host), all: this.resources(host), now: this.clock.now(), elsewhere }
  }

  #snapshot(name: string): Disk | undefined {
    for (const { resources } of this.#hosts.values())
      for (const { snapshots } of resources.values())
        for (const snapshot of snapshots) if (snapshot.name === name) return snapshot
    return undefined
  }

  /** A new host; the same again is nothing, its capacity may change. */
  addHost(name: string, capacity: HostCapacity): void {
    const before = this.#hosts.get(name)?.state
    const fresh = { contact: 'ok' as const, floor: NO_EPOCH, foreign: [], networks: [], lacks: [] }
    this.putHost(
      before
        ? { ...before, capacity }
        : { name, capacity, boot: randomUUID(), boots: 1, bootedAt: this.clock.now(), ...fresh },
    )
  }

  putHost(state: HostState): void {
    writeJson(this.#path(state.name, 'host.json'), state)
    const host = this.#hosts.get(state.name)
    if (host) host.state = state
    else this.#hosts.set(state.name, { state, resources: new Map() })
  }

  /** Writes a resource; one of which nothing is left is a line of the ledger from now on. */
  put(hostName: string, resource: Resource): void {
    const host = this.#get(hostName)
    const departedAt = isPresent(resource, host.state) ? null : (resource.departedAt ?? this.clock.now())
    const next = { ...resource, departedAt }
    writeJson(this.#path(hostName, 'resources', `${resource.name}.json`), next)
    this.#remember(host, next)
  }

  #remember(host: Host, resource: Resource): void {
    host.resources.set(resource.name, resource)
    const place = { host: host.state.name, resource: resource.name }
    const key = `${place.host}/${place.resource}`
    if (resource.work) this.#working.set(key, place)
    else this.#working.delete(key)
  }

  /** Detached work whose time is over. */
  due(): readonly { readonly host: string; readonly resource: Resource }[] {
    const now = this.clock.now()
    return [...this.#working.values()].flatMap(({ host, resource: name }) => {
      const resource = this.resource(host, name)
      const endsAt = resource?.work?.endsAt ?? null
      return resource && endsAt !== null && endsAt <= now ? [{ host, resource }] : []
    })
  }

  /** Drops old lines of every ledger: the floor first, so that a kill in between forgets nothing. */
  sweep(): void {
    for (const { state, resources } of this.#hosts.values()) {
      const lines = [...resources.values()].flatMap(({ name, guard, departedAt }) =>
        departedAt === null ? [] : [{ id: name, epoch: guard.epoch, at: departedAt }],
      )
      const { floor, dropped, forgotten } = sweep(lines, state.floor, this.clock.now())
      if (dropped.length > 0) this.putHost({ ...state, floor })
      for (const name of forgotten) {
        const resource = resources.get(name)
        if (resource && resource.guard.results.length > 0)
          this.put(state.name, { ...resource, guard: { ...resource.guard, results: [] } })
      }
      for (const name of dropped) {
        removeFile(this.#path(state.name, 'resources', `${name}.json`))
        resources.delete(name)
      }
    }
  }
}
