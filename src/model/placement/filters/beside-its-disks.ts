import type { Filter } from './filter'

/** A machine that was saved to make room is in a file beside its disks: it goes on there. */
export const besideItsDisks: Filter = {
  name: 'beside-its-disks',
  reason: 'it was saved on another host',
  reads: ['beside'],
  admits: ({ beside }, host) => beside === undefined || beside === host.id || 'it was saved on another host',
}
