/** How a Xen host joins, is marked for its own fence, and is left: parts of the driver that are not about running machines. */
import { asFault, fault } from '../../../../src/faults'
import type { Driver, HostTarget } from '../../driver'
import type { GuardedHost } from '../../guard/guarded-host'
import type { Remote } from '../../remote'
import { checkXenHost } from './check'

export interface JoinMeans {
  readonly remote: Remote
  readonly guarded: GuardedHost
  /** Of everything of ours on a host; the usual one if not said. */
  readonly folder?: string
}

/** What openXlDriver spreads into the driver. */
export const xlJoins = ({
  remote,
  guarded,
  folder,
}: JoinMeans): Required<Pick<Driver, 'check' | 'leave' | 'mark'>> => ({
  check: (host, how) =>
    checkXenHost(
      {
        remote,
        install: (target) => guarded.install(target),
        now: Date.now,
        ...(folder === undefined ? {} : { folder }),
      },
      host,
      how,
    ),
  leave: (host) => leave(guarded, host),
  mark: async (host, ticket, as) => {
    await guarded.effect(host, ticket, 'watch_mark', [as])
    return { state: 'done', value: null }
  },
})

/** The site's own things first, then the guard; a host that was left already has neither. */
async function leave(guarded: GuardedHost, host: HostTarget): Promise<void> {
  try {
    await guarded.free(host, 'xl_leave', [])
  } catch (thrown) {
    const { kind, message } = asFault(thrown)
    if (kind !== 'refused') throw thrown
    throw fault('refused', message.replace(/\s+/g, ' ').trim())
  }
  await guarded.uninstall(host)
}
