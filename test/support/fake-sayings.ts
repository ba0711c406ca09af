/** What an order says beside what its machine is: kept as it was said, but for what is secret. */
import type { ComputeWish } from '../../src/model/records'
import type { RunOrder } from '../../src/operations/operations'

export const sayings = ({ placement, lease, burst }: RunOrder): Pick<ComputeWish, 'placement' | 'lease' | 'burst'> => ({
  ...(placement === undefined ? {} : { placement: { own: placement } }),
  ...(lease === undefined ? {} : { lease }),
  ...(burst === undefined ? {} : { burst: { ...burst, userData: {} } }),
})
