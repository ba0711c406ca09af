import type { Resource } from '../state'
import type { OrderOf } from '../wire'
import { ALREADY, changed, type Deed, machineOf, withMachine } from './deed'

/** Whether the host's watch ends it when its time is over. */
export function mark(resource: Resource, { as }: OrderOf<'mark'>): Deed {
  const restartable = as === 'restartable'
  if ((machineOf(resource).restartable ?? false) === restartable) return ALREADY
  return changed(withMachine(resource, { restartable }), 'mark')
}
