import { type Demand, FILTERS, type HostView } from '../../src/model/placement'

/** Whether a host could take a machine now. */
export const fits = (machine: Demand, host: HostView): boolean =>
  FILTERS.every((filter) => filter.admits(machine, host) === true)
