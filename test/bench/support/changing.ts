/** Machines that change all the time, by the operations of a gateway that is not measured. */
import { setTimeout as pause } from 'node:timers/promises'
import { asFault } from '../../../src/faults'
import type { ComputeRecord } from '../../../src/model/records'
import type { BenchSite, Tenant } from './site'

export interface Changing {
  /** The last change that was acknowledged, as its mark in the machine, where it stays until all others had their turn; '' at first. */
  mark(): string
  /** Changes so far. */
  count(): number
  stop(): Promise<void>
}

/** A machine under load may keep this process from Redis' answer for longer than a command waits: the change is made again. */
function unlessAway(thrown: unknown): void {
  if (asFault(thrown).kind !== 'unavailable') throw thrown
}

/** One change at a time, so many a second. EC2 shows `tags`, OCCI a `title`. */
export function startChanging(
  { operations }: BenchSite,
  { caller }: Tenant,
  {
    what,
    perSecond,
    machines,
  }: { readonly what: 'tags' | 'title'; readonly perSecond: number; readonly machines: readonly ComputeRecord[] },
): Changing {
  const stopping = new AbortController()
  const begun = performance.now()
  let acknowledged = 0
  const markOf = (number: number): string => `change-${number}.`
  const change = async (number: number): Promise<void> => {
    const machine = machines[number % machines.length]
    if (!machine) throw new Error('no machine to change')
    if (what === 'title') await operations.updateCompute(caller, machine.id, { title: markOf(number) })
    else
      await operations.tagResources(caller, {
        refs: [{ kind: 'compute', id: machine.id }],
        set: { mark: markOf(number) },
      })
    acknowledged = number
  }
  const running = (async () => {
    while (!stopping.signal.aborted) {
      await change(acknowledged + 1).catch(unlessAway)
      const next = begun + (acknowledged * 1000) / perSecond - performance.now()
      await pause(Math.max(0, next), undefined, { signal: stopping.signal }).catch(() => undefined)
    }
  })()
  return {
    mark: () => (acknowledged === 0 ? '' : markOf(acknowledged)),
    count: () => acknowledged,
    async stop() {
      stopping.abort()
      await running
    },
  }
}
