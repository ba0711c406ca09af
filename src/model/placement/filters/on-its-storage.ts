import type { Filter } from './filter'

/** Disks on shared storage are used from every host that has it, and from no other. */
export const onItsStorage: Filter = {
  name: 'on-its-storage',
  reason: 'it has not the shared storage of its disks, or that does not answer there',
  reads: ['pools'],
  admits: (machine, host) =>
    (machine.pools ?? []).every((pool) => host.pools?.includes(pool)) ||
    'it has not the shared storage of its disks, or that does not answer there',
}
