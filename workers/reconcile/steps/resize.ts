import { fault } from '../../../src/faults'
import type { Step } from './step'

/**
 * Up: what runs has as many cores and as much memory as is wanted of it. What a domain has now is a matter of its guest, too, so not
 * a look decides but what was last given (`seen.sized`). A machine that is off is defined anew instead. Nothing undoes one.
 */
export const resize: Step = {
  name: 'resize',
  lacks: ({ wish: { size }, seen: { sized } }, machine) =>
    machine.domain !== 'running' ||
    sized === undefined ||
    (sized.now.cores === size.cores && sized.now.memoryMiB === size.memoryMiB)
      ? undefined
      : `${size.cores} cores, ${size.memoryMiB} MiB`,
  leaves: () => undefined,
  up({ driver, host, ticket, record }) {
    if (!driver.resize) throw fault('unsupported', 'its host resizes no machine that runs')
    return driver.resize(host, ticket, record.wish.size)
  },
  down: () => Promise.reject(fault('internal', 'a size is changed, not undone')),
  after: (machine) => machine,
}
