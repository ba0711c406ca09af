/**
 * The watch of a simulated host (src/model/fencing.ts). It does its work whenever anybody looks at the pool, as of that moment:
 * what should have been ended by then has been.
 */
import { compareEpochs, type Epoch } from '../../../src/model/epoch'
import { endsAt, isOver, type WatchOrder, type WatchSighting, watched } from '../../../src/model/fencing'
import { publicsOf, runs } from './deeds/deed'
import type { HostState, Resource } from './state'
import type { World } from './world'

const hereOn = (host: HostState, now: number) => ({ boot: host.boot, uptimeMs: now - (host.bootedAt ?? 0) })

/** Whether its machines marked restartable are to be ended. */
export const isPastItsTime = (host: HostState, now: number): boolean => isOver(host.watch ?? null, hereOn(host, now))

/** Takes an order that a probe brought: the floor first, so that nobody passes below it once the host is open again. */
export function takeOrder(world: World, name: string, order: WatchOrder): void {
  if (order.floor !== null) raise(world, name, order.floor)
  const host = world.host(name)
  const before = host.watch ?? null
  const watch = watched(before, order, hereOn(host, world.clock.now()))
  if (watch !== before) world.putHost({ ...host, watch })
}

function raise(world: World, name: string, floor: Epoch): void {
  for (const resource of world.resources(name))
    if (compareEpochs(resource.guard.epoch, floor) < 0)
      world.put(name, { ...resource, guard: { ...resource.guard, epoch: floor } })
  const host = world.host(name)
  if (compareEpochs(host.floor, floor) < 0) world.putHost({ ...host, floor })
}

export function watchSighting(host: HostState, now: number): WatchSighting {
  const { uptimeMs } = hereOn(host, now)
  const watch = host.watch ?? null
  if (watch === null) return { uptimeMs, isOn: false, endsMs: null }
  return { uptimeMs, isOn: true, endsMs: endsAt(watch, host.boot), epoch: watch.epoch }
}

/**
 * Ends what is marked, on every host whose time is over: nobody has to reach it for that. What it ended, and what does not run, may be
 * started elsewhere now, so no public address leads there any more.
 */
export function endWhatIsOver(world: World): void {
  const now = world.clock.now()
  for (const host of world.hosts) {
    if (!isPastItsTime(host, now)) continue
    for (const resource of world.resources(host.name)) {
      const next = whenOver(resource)
      if (next !== resource) world.put(host.name, next)
    }
  }
}

function whenOver(resource: Resource): Resource {
  const { machine, effects } = resource
  if (machine === null || (machine.restartable !== true && runs(machine))) return resource
  const withdrawn = publicsOf(resource).length > 0 ? { ...machine, publics: {} } : machine
  if (!runs(machine)) return withdrawn === machine ? resource : { ...resource, machine: withdrawn }
  const ended = { ...withdrawn, domain: 'off' as const, startedAt: null, endedByWatch: true }
  return { ...resource, machine: ended, effects: { ...effects, 'watch.end': (effects['watch.end'] ?? 0) + 1 } }
}
