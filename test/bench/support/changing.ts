/** Machines that change all the time, by the operations of a gateway that is not measured. */
import { setTimeout as pause } from 'node:timers/promises'
import { asFault } from '../../../src/faults'
import type { ComputeRecord } from '../../../src/model/records'
import type { BenchSite, Tenant } from './site'

export interface Changing {
  /** The newest change that was acknowledged, as its mark in the machine, where it stays until all others had their turn; '' at first. */
  mark(): string
  /** Changes that were acknowledged so far. */
  count(): number
  /** How many a second were asked for. */
  readonly perSecond: number
  stop(): Promise<void>
}

/** A machine under load may keep this process from Redis' answer for longer than a command waits: the change is made again. */
function unlessAway(thrown: unknown): void {
  if (asFault(thrown).kind !== 'unavailable') throw thrown
}

/** What was held up for longer is left out: it would only come at once when nobody expects it. */
const FORGET_MS = 1_000

/**
 * So many a second, each at its time whether or not those before it were acknowledged: whoever is asked meanwhile, and however often,
 * has no say in it. What this process was too busy to begin in time it makes up for at no more than twice the rate. EC2 shows
 * `tags`, OCCI a `title`.
 */
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
  const every = 1_000 / perSecond
  let last = 0
  let count = 0
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
    last = Math.max(last, number)
    count += 1
  }
  const running = (async () => {
    const underWay = new Set<Promise<void>>()
    let due = performance.now()
    for (let number = 1; !stopping.signal.aborted; number++) {
      const one: Promise<void> = change(number)
        .catch(unlessAway)
        .finally(() => underWay.delete(one))
      underWay.add(one)
      due = Math.max(due + every, performance.now() - FORGET_MS)
      const wait = Math.max(every / 2, due - performance.now())
      await pause(wait, undefined, { signal: stopping.signal }).catch(() => undefined)
    }
    await Promise.all(underWay)
  })()
  return {
    mark: () => (last === 0 ? '' : markOf(last)),
    count: () => count,
    perSecond,
    async stop() {
      stopping.abort()
      await running
    },
  }
}
