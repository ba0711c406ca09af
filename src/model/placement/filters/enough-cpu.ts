import type { Filter } from './filter'

/** CPU in hundredths of a core, allocated and not measured. */
export const enoughCpu: Filter = {
  name: 'enough-cpu',
  reason: 'not enough CPU',
  admits: ({ size }, { free }) =>
    free.cpuHundredths >= size.cpuHundredths ||
    `needs ${size.cpuHundredths / 100} cores, has ${Math.max(0, free.cpuHundredths) / 100} free`,
}
