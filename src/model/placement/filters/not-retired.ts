import type { Filter } from './filter'

/** Real and simulated hosts never serve one site together: the first real host retires the simulated ones. */
export const notRetired: Filter = {
  name: 'not-retired',
  reason: 'simulated, while real hosts serve',
  reads: [],
  concerns: (host) => host.retired,
  admits: (_machine, host) => !host.retired || 'is simulated, and real hosts serve this site',
}
