import type { Filter } from './filter'

/** Volumes that lie on one host alone stay there: the machine that they hang on must run beside them. */
export const withVolumes: Filter = {
  name: 'with-volumes',
  reason: 'its volumes are on another host',
  reads: ['with'],
  admits: (machine, host) =>
    machine.with === undefined ||
    machine.with === null ||
    machine.with === host.id ||
    'its volumes are on another host',
}
