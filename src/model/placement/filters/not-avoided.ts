import type { Filter } from './filter'

/** It did not refuse this machine a short while ago. */
export const notAvoided: Filter = {
  name: 'not-avoided',
  reason: 'refused it before',
  reads: ['avoid'],
  admits: ({ avoid }, host) => {
    const refusal = avoid.find((entry) => entry.host === host.id)
    return refusal === undefined || `refused it before: ${refusal.because}`
  },
}
