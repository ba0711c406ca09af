import type { Filter } from './filter'

/** The availability zone that was asked for; none asked: any. */
export const inZone: Filter = {
  name: 'in-zone',
  reason: 'in another zone',
  reads: ['zone'],
  admits: ({ zone }, host) => zone === null || zone === host.zone || `is in ${host.zone}, wanted is ${zone}`,
}
