/** From an order to its deed: which function begins it, which one finishes it when its time is over. */

import type { Verb } from '../../../src/model/machine'
import { adopt } from './deeds/adopt'
import { type Deed, type Here, refuse } from './deeds/deed'
import { define, undefine } from './deeds/define'
import { attachDisk, detachDisk, ensureDisk, finishDisk, growDisk, removeDisk, snapshotDisk } from './deeds/disk'
import { mark } from './deeds/mark'
import { move } from './deeds/move'
import { attachInterface, detachInterface, ensureNetwork, removeNetwork, setPublics, setRules } from './deeds/network'
import { finishSave, finishShutdown, save, setPower } from './deeds/power'
import type { Resource } from './state'
import type { EffectOrder } from './wire'

/** Begins an order; 'refused' where the host says no. `there`: the host a move leads to. */
export function begin(
  here: Here,
  resource: Resource,
  order: EffectOrder,
  there: (host: string) => Here | undefined,
): Deed {
  switch (order.verb) {
    case 'disk.ensure':
      return ensureDisk(here, resource, order.args)
    case 'disk.remove':
      return removeDisk(here, resource, order.args)
    case 'disk.attach':
      return attachDisk(here, resource, order.args)
    case 'disk.detach':
      return detachDisk(here, resource, order.args)
    case 'disk.grow':
      return growDisk(here, resource, order.args)
    case 'disk.snapshot':
      return snapshotDisk(here, resource, order.args)
    case 'network.ensure':
      return ensureNetwork(here, resource, order.args)
    case 'network.remove':
      return removeNetwork(here, resource, order.args)
    case 'network.attach':
      return attachInterface(here, resource, order.args)
    case 'network.detach':
      return detachInterface(here, resource, order.args)
    case 'network.rules':
      return setRules(here, resource, order.args)
    case 'network.publish':
      return setPublics(here, resource, order.args)
    case 'define':
      return define(here, resource, order.args)
    case 'undefine':
      return undefine(here, resource)
    case 'adopt':
      return adopt(here, resource, order.args)
    case 'power':
      return setPower(here, resource, order.args)
    case 'save':
      return save(resource)
    case 'mark':
      return mark(resource, order.args)
    case 'move':
      return move(here, there(order.args.to), resource, order.args)
  }
}

/** What slow work came to on its own host; a move is finished on two. `here` is without the work. */
export function finish(here: Here, resource: Resource, order: EffectOrder): Deed {
  switch (order.verb) {
    case 'disk.ensure':
      return finishDisk(here, resource, order.args)
    case 'power':
      return finishShutdown(resource)
    case 'save':
      return finishSave(resource)
    default:
      return refuse(`${order.verb} is no slow work`)
  }
}

/** The names a fault rule may call an order by. */
export function wordsOf(order: EffectOrder): readonly string[] {
  if (order.verb !== 'power') return [order.verb]
  return ['power', `power.${'again' in order.args ? order.args.again : order.args.to}`]
}

/** What a host has to be able to do for an order; undefined: every host can. */
export function needs(order: EffectOrder): Verb | undefined {
  switch (order.verb) {
    case 'power':
      return 'again' in order.args
        ? order.args.again
        : order.args.to === 'on'
          ? 'start'
          : order.args.to === 'off'
            ? 'stop'
            : undefined
    case 'move':
      return order.args.how === 'live' ? 'move-live' : 'move-cold'
    default:
      return NEEDS[order.verb]
  }
}

const NEEDS: Partial<Record<EffectOrder['verb'], Verb>> = {
  define: 'create',
  adopt: 'adopt',
  save: 'suspend',
  'disk.attach': 'attach-disk',
  'disk.detach': 'detach-disk',
  'disk.grow': 'grow-disk',
  'disk.snapshot': 'snapshot-disk',
  'network.attach': 'attach-network',
  'network.detach': 'detach-network',
  'network.rules': 'rules',
  'network.publish': 'addresses',
}
