import type { Filter } from './filter'

/** Memory in MiB, allocated and not measured. */
export const enoughMemory: Filter = {
  name: 'enough-memory',
  reason: 'not enough memory',
  admits: ({ size }, { free }) =>
    free.memoryMiB >= size.memoryMiB ||
    `needs ${size.memoryMiB} MiB, has ${Math.max(0, Math.floor(free.memoryMiB))} MiB free`,
}
