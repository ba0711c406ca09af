import type { Filter } from './filter'

/** Volumes lie on one host and stay there: the machine that they hang on must run beside them. */
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
