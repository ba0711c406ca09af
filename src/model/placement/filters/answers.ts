import type { Filter } from './filter'

/** It was heard of lately: a silent host takes no machine. */
export const answers: Filter = {
  name: 'answers',
  reason: 'not answering',
  reads: [],
  concerns: (host) => !host.answers,
  admits: (_machine, host) => host.answers || 'does not answer',
}
