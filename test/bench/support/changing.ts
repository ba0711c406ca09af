/** Machines that change all the time, by a gateway that is not measured, in a process of its own: whoever lists is too busy to change in time. */
import { writeFileSync } from 'node:fs'
import type { ComputeId } from '../../../src/model/ids'
import type { ComputeRecord } from '../../../src/model/records'
import type { Caller } from '../../../src/operations/context'
import type { Shared } from './inside'
import { startServer } from './server'
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

/** What is changed: EC2 shows `tags`, OCCI a `title`. */
export interface ChangeOrder {
  readonly what: 'tags' | 'title'
  readonly perSecond: number
}

/** As the process that changes reads it, from a file. */
export interface ChangeFile extends ChangeOrder {
  readonly shared: Shared
  readonly caller: Caller
  readonly machines: readonly ComputeId[]
}

/** As it says it, after each change: the newest that was acknowledged, and how many were. */
export interface Changed {
  readonly last: number
  readonly count: number
}

export const markOf = (number: number): string => `change-${number}.`

/** So many a second, one machine after the other. */
export async function startChanging(
  site: BenchSite,
  { caller }: Tenant,
  { what, perSecond, machines }: ChangeOrder & { readonly machines: readonly ComputeRecord[] },
): Promise<Changing> {
  const order: ChangeFile = { what, perSecond, shared: site.shared, caller, machines: machines.map(({ id }) => id) }
  const file = site.file('changing.json')
  writeFileSync(file, JSON.stringify(order))
  let now: Changed = { last: 0, count: 0 }
  // It says nothing else.
  const hears = (said: object): void => {
    now = said as Changed
  }
  const server = await startServer('changing-server', [file], site.file('changing.log'), hears)
  return {
    mark: () => (now.last === 0 ? '' : markOf(now.last)),
    count: () => now.count,
    perSecond,
    stop: () => server.end(),
  }
}
