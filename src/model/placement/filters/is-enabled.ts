import type { Filter } from './filter'

/** An operator lets it take machines. */
export const isEnabled: Filter = {
  name: 'is-enabled',
  reason: 'disabled',
  reads: [],
  concerns: (host) => !host.enabled,
  admits: (_machine, host) => host.enabled || 'is disabled',
}
