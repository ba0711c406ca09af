import { fault } from '../../../src/faults'
import type { Step } from './step'

/** Restarts are levels: no look shows them, the journal's intent and `seen.boots`, `seen.resets` do. Nothing undoes one. */
const again = (name: 'reboot' | 'reset'): Step => ({
  name,
  lacks: ({ wish, seen }) =>
    (name === 'reboot' ? wish.boots > seen.boots : wish.resets > seen.resets) ? 'again' : undefined,
  leaves: () => undefined,
  up: ({ driver, host, ticket }) => driver.power(host, ticket, { again: name }),
  down: () => Promise.reject(fault('internal', 'a restart cannot be undone')),
  after: (machine) => machine,
})

export const reboot: Step = again('reboot')
export const reset: Step = again('reset')
