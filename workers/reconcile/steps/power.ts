import type { Step } from './step'

/**
 * The last rung. Whether it should be up is the owner's wish (plan.ts); going down, whatever is not plainly off is cut: a
 * running, paused or crashed domain, and a memory image that waits to be resumed.
 */
export const power: Step = {
  name: 'power',
  lacks: (_record, machine) => (machine.domain === 'running' || machine.domain === 'paused' ? undefined : 'on'),
  leaves: (_record, machine) => (machine.domain === 'absent' || machine.domain === 'off' ? undefined : 'hard'),
  up: ({ driver, host, ticket }) => driver.power(host, ticket, { to: 'on' }),
  down: ({ driver, host, ticket, item }) =>
    driver.power(host, ticket, { to: 'off', how: item === 'graceful' ? 'graceful' : 'hard' }),
  after: (machine, direction) => ({
    ...machine,
    domain: direction === 'up' ? 'running' : 'off',
    disks: direction === 'up' ? machine.disks : machine.disks.map(({ open: _was, ...disk }) => disk),
  }),
}
