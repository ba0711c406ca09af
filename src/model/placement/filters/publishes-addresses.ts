import type { Filter } from './filter'

/** A machine with public addresses goes where they can lead to it. */
export const publishesAddresses: Filter = {
  name: 'publishes-addresses',
  reason: 'cannot publish addresses',
  reads: ['addressed'],
  concerns: (host) => host.unaddressed === true,
  admits: (machine, host) =>
    machine.addressed !== true || host.unaddressed !== true || 'cannot have its public addresses lead to it',
}
