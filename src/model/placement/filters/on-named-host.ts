import type { Filter } from './filter'

/** The host that its owner named, and no other. */
export const onNamedHost: Filter = {
  name: 'on-named-host',
  reason: 'is not the host that was named',
  reads: ['hosting'],
  admits: ({ hosting }, host) =>
    hosting?.host === undefined || hosting.host === host.id || 'is not the host that was named',
}
