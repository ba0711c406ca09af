import type { Filter } from './filter'

/** A public address that a provider gave leads to machines there alone: whoever has it runs there. */
export const withAddress: Filter = {
  name: 'with-address',
  reason: 'its public address is of a provider',
  reads: ['addressedAt'],
  admits: ({ addressedAt }, { id }) =>
    addressedAt === undefined || addressedAt === id || 'its public address is of another provider',
}
