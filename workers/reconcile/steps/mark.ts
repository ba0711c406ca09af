import { fault } from '../../../src/faults'
import { optionsOf } from '../../../src/model/records'
import type { Step } from './step'

/**
 * Up: its host knows whether it is to be ended when the host is cut off (model/fencing.ts). Marked before it is started, so that
 * it never runs unmarked while its owner counts on being restarted. The mark goes with the definition.
 */
export const mark: Step = {
  name: 'mark',
  lacks({ wish }, machine) {
    if (machine.id === null || machine.restartable === undefined) return undefined
    const { restartable } = optionsOf(wish)
    if (restartable === machine.restartable) return undefined
    return restartable ? 'restartable' : 'plain'
  },
  leaves: () => undefined,
  up({ driver, host, ticket, item }) {
    if (!driver.mark) throw fault('unsupported', 'its host cannot fence itself')
    return driver.mark(host, ticket, item === 'restartable' ? 'restartable' : 'plain')
  },
  down: () => Promise.reject(fault('internal', 'a mark goes with its definition')),
  after: (machine, _direction, _record, item) => ({ ...machine, restartable: item === 'restartable' }),
}
