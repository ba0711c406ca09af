import type { Filter } from './filter'

/** A guest is started where the hypervisor starts such as its image is. A host that does not say which those are starts all. */
export const bootsItsMode: Filter = {
  name: 'boots-its-mode',
  reason: 'cannot start what its image is',
  reads: ['mode'],
  concerns: (host) => host.modes !== undefined,
  admits: ({ mode }, { modes }) =>
    mode === undefined ||
    modes === undefined ||
    modes.includes(mode) ||
    `starts ${modes.length === 0 ? 'no guests' : `${modes.join(' and ')} guests only`}, and its image is for ${mode}`,
}
