/** How an effect is written: looked at first, refused by a fault, else what changes. Pure: the caller writes it down. */
import { fault } from '../../../../src/faults'
import type { PublicSighting } from '../../../../src/model/machine'
import type { Disk, HostState, Machine, Resource } from '../state'

/** The host around the resource that an effect is done to. */
export interface Here {
  readonly host: HostState
  /** Every resource on the host, this one among them. */
  readonly all: readonly Resource[]
  /** ms by the simulator's clock. */
  readonly now: number
  /** A snapshot that another simulated host keeps: its contents are no more than its size. */
  readonly elsewhere?: (snapshot: string) => Disk | undefined
}

export type Deed =
  /** It is so already. */
  | { readonly kind: 'already' }
  /** `effect` is counted; `host` where the host itself changes too. */
  | { readonly kind: 'changed'; readonly resource: Resource; readonly effect: string; readonly host?: HostState }
  /** Takes its time, detached: `finish` of the same order comes later. `endless`: until it is cancelled. */
  | {
      readonly kind: 'slow'
      readonly resource: Resource
      readonly length: 'usual' | 'endless'
      readonly resumes: boolean
    }

export const ALREADY: Deed = { kind: 'already' }
export const changed = (resource: Resource, effect: string): Deed => ({ kind: 'changed', resource, effect })
export const slow = (resource: Resource): Deed => ({ kind: 'slow', resource, length: 'usual', resumes: false })

export const refuse = (message: string): never => {
  throw fault('refused', message)
}

/** The machine, or 'refused': it is not defined here. */
export const machineOf = (resource: Resource): Machine =>
  resource.machine ?? refuse(`${resource.name} is an invalid domain identifier: it is not defined on this host`)

/** Public addresses that lead to a machine. */
export const publicsOf = (resource: Resource | undefined): readonly PublicSighting[] =>
  Object.entries(resource?.machine?.publics ?? {}).flatMap(([mac, all]) => all.map(({ ip }) => ({ ip, mac })))

export const runs = (machine: Machine | null): boolean => machine?.domain === 'running' || machine?.domain === 'paused'

/** The same resource with its machine changed. */
export const withMachine = (resource: Resource, change: Partial<Machine>): Resource => ({
  ...resource,
  machine: { ...machineOf(resource), ...change },
})

/** The newest 64 KiB of a console and a line more. */
export function consoleAfter(text: string, line: string): string {
  const bytes = Buffer.from(`${text}${line}\n`, 'utf8')
  if (bytes.length <= CONSOLE_BYTES) return bytes.toString('utf8')
  // Not from the middle of a character: skip what continues one.
  let from = bytes.length - CONSOLE_BYTES
  while (((bytes[from] ?? 0) & 0xc0) === 0x80) from++
  return bytes.subarray(from).toString('utf8')
}
export const CONSOLE_BYTES = 65_536
