import type { Filter } from './filter'

/** Where nothing filters traffic only machines of the group `default` are placed. */
export const filtersTraffic: Filter = {
  name: 'filters-traffic',
  reason: 'cannot filter traffic',
  reads: ['filtered'],
  concerns: (host) => host.unfiltered === true,
  admits: (machine, host) =>
    machine.filtered !== true || host.unfiltered !== true || 'cannot filter traffic, as its security groups need',
}
