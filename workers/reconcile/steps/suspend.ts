import { fault } from '../../../src/faults'
import type { Step } from './step'

/** Memory into a file on the host. Its undoing is a start, which is the power step's. */
export const suspend: Step = {
  name: 'suspend',
  lacks: (_record, machine) => (machine.domain === 'running' || machine.domain === 'paused' ? 'memory' : undefined),
  leaves: () => undefined,
  up: ({ driver, host, ticket }) => driver.save(host, ticket),
  down: () => Promise.reject(fault('internal', 'a suspension is ended by a start')),
  after: (machine) => ({ ...machine, domain: 'saved' }),
}
