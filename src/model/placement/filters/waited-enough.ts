import { isProvider } from '../../providers/view'
import type { Filter } from './filter'

/** Where a local host could take it once there is room, it waits for that a while (burstAfter). */
export const waitedEnough: Filter = {
  name: 'waited-enough',
  reason: 'a local host may still take it',
  concerns: isProvider,
  reads: ['burst'],
  admits: ({ burst }, { provider }) =>
    provider === undefined ||
    burst === undefined ||
    burst.patienceMs >= provider.burstAfterMs ||
    `a local host may still take it: it goes there after ${provider.burstAfterMs / 1000} s of waiting`,
}
