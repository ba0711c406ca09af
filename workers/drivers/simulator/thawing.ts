/** Calls that wait at a frozen host until it thaws. They go with the process, as a frozen host's connections would. */
import { fault } from '../../../src/faults'

export interface Thawing {
  /** Waits at a frozen host; 'unreachable' when it restarted instead. */
  thawed(host: string): Promise<void>
  /** How many wait there. */
  count(host: string): number
  thaw(host: string, how: 'as-it-was' | 'restarted'): void
}

export function thawing(): Thawing {
  const waiting = new Map<string, ((how: 'as-it-was' | 'restarted') => void)[]>()
  return {
    thawed: (host) =>
      new Promise((resolve, reject) => {
        const go = (how: 'as-it-was' | 'restarted'): void =>
          how === 'as-it-was' ? resolve() : reject(fault('unreachable', `${host} restarted`))
        waiting.set(host, [...(waiting.get(host) ?? []), go])
      }),
    count: (host) => waiting.get(host)?.length ?? 0,
    thaw: (host, how) => {
      const calls = waiting.get(host) ?? []
      waiting.delete(host)
      for (const go of calls) go(how)
    },
  }
}
