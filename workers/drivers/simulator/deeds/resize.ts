/** Another size of a simulated machine that runs; its guest takes it at once, unless it is deaf. */
import { whyNotGrown } from '../../../../src/model/headroom'
import type { Resource } from '../state'
import type { OrderOf } from '../wire'
import { ALREADY, changed, type Deed, type Here, machineOf, refuse, withMachine } from './deed'
import { enough } from './define'

export function resize(here: Here, resource: Resource, size: OrderOf<'resize'>): Deed {
  const { definition, domain, deaf } = machineOf(resource)
  if (domain !== 'running') return refuse(`${resource.name} is ${domain}: it is resized by its definition`)
  const { size: now, most = now } = definition
  if (now.cores === size.cores && now.memoryMiB === size.memoryMiB) return ALREADY
  const because = whyNotGrown(now, most, size)
  if (because !== undefined) return refuse(because)
  if (deaf) return refuse('its guest does not take what it is given')
  enough(here, resource, size)
  return changed(withMachine(resource, { definition: { ...definition, size, most } }), 'resize')
}
