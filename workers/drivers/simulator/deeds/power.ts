/** Power of a simulated machine: on, off, pause, again, save. */
import { fault } from '../../../../src/faults'
import { findDisk } from '../sight'
import type { Resource } from '../state'
import { isPastItsTime } from '../watch'
import type { OrderOf } from '../wire'
import {
  ALREADY,
  changed,
  consoleAfter,
  type Deed,
  type Here,
  machineOf,
  refuse,
  runs,
  slow,
  withMachine,
} from './deed'
import { enough } from './define'

type Power = OrderOf<'power'>

export function setPower(here: Here, resource: Resource, order: Power): Deed {
  if ('again' in order) return again(here, resource, order.again)
  switch (order.to) {
    case 'on':
      return turnOn(here, resource)
    case 'off':
      return turnOff(resource, order.how)
    case 'paused':
      return pause(resource)
    case 'unpaused':
      return unpause(resource)
  }
}

function turnOn(here: Here, resource: Resource): Deed {
  const machine = machineOf(resource)
  if (machine.domain === 'running') return ALREADY
  if (machine.restartable === true && isPastItsTime(here.host, here.now))
    throw fault('timeout', 'its host waits for time to be granted to it')
  if (machine.domain === 'paused') return changed(withMachine(resource, { domain: 'running' }), 'power.unpause')
  for (const { name } of machine.definition.disks)
    if (!findDisk(here.all, name)) refuse(`failed to stat: no disk ${name}`)
  // A foreign domain may have come since it was defined.
  enough(here, resource, machine.definition.size)
  const resumed = machine.domain === 'saved'
  return changed(started(here, resource, resumed ? 'resumed' : 'started'), resumed ? 'power.resume' : 'power.on')
}

/** Running from now on, with a line of it on the console. */
export function started(here: Here, resource: Resource, how: string): Resource {
  const line = `[${new Date(here.now).toISOString()}] simulated guest ${resource.name} ${how}`
  return withMachine(resource, {
    domain: 'running',
    startedAt: here.now,
    endedByWatch: false,
    console: consoleAfter(machineOf(resource).console, line),
  })
}

const stopped = (resource: Resource): Resource => withMachine(resource, { domain: 'off', startedAt: null })

function turnOff(resource: Resource, how: 'graceful' | 'hard'): Deed {
  const domain = resource.machine?.domain ?? 'off'
  if (domain === 'off') return ALREADY
  if (domain === 'saved' || domain === 'crashed' || how === 'hard') return changed(stopped(resource), 'power.off')
  if (domain === 'paused') return refuse(`${resource.name} is paused: its guest cannot shut down`)
  return { kind: 'slow', resource, resumes: false, length: deaf(resource) ? 'endless' : 'usual' }
}

const deaf = (resource: Resource): boolean => resource.machine?.deaf ?? false

/** The guest has shut down, or stopped by itself before. */
export const finishShutdown = (resource: Resource): Deed =>
  runs(resource.machine) ? changed(stopped(resource), 'power.off') : ALREADY

function pause(resource: Resource): Deed {
  const { domain } = machineOf(resource)
  if (domain === 'paused') return ALREADY
  return domain === 'running'
    ? changed(withMachine(resource, { domain: 'paused' }), 'power.pause')
    : refuse(`${resource.name} is ${domain}`)
}

function unpause(resource: Resource): Deed {
  const { domain } = machineOf(resource)
  if (domain === 'running') return ALREADY
  return domain === 'paused'
    ? changed(withMachine(resource, { domain: 'running' }), 'power.unpause')
    : refuse(`${resource.name} is ${domain}`)
}

function again(here: Here, resource: Resource, how: 'reboot' | 'reset'): Deed {
  const { domain } = machineOf(resource)
  const able = domain === 'running' || (how === 'reset' && (domain === 'paused' || domain === 'crashed'))
  if (!able) refuse(`${resource.name} is ${domain}: no ${how}`)
  return changed(started(here, resource, how === 'reboot' ? 'rebooted' : 'was reset'), `power.${how}`)
}

export function save(resource: Resource): Deed {
  const { domain } = machineOf(resource)
  if (domain === 'saved') return ALREADY
  return runs(resource.machine) ? slow(resource) : refuse(`${resource.name} is ${domain}: no memory to save`)
}

/** The guest may have stopped while its memory was being written: then there is nothing to keep. */
export function finishSave(resource: Resource): Deed {
  if (!runs(resource.machine)) return refuse(`${resource.name} stopped while it was being saved`)
  return changed(withMachine(resource, { domain: 'saved', startedAt: null }), 'save')
}
