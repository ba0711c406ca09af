/** What hosts and machines use, as their drivers tell it: counters only grow, until what they are of starts anew. */

export interface HostUsage {
  /** Load average of the last minute, of the system that runs the host. */
  readonly load: number
  readonly uptimeSeconds: number
  /** Of all its domains together: what a domain had used goes from it when the domain ends. */
  readonly cpuSeconds: number
  readonly freeMemoryMiB: number
  /** Those of ours that have a domain now. */
  readonly machines: readonly MachineUsage[]
}

/** null: its host could not tell this time, which is not nothing: the counter goes on meanwhile. */
export interface MachineUsage {
  readonly name: string
  readonly cpuSeconds: number
  readonly memoryMiB: number
  readonly receivedBytes: number | null
  readonly sentBytes: number | null
  readonly readBytes: number | null
  readonly writtenBytes: number | null
}

/** What is followed over time, in the order of a point's values. CPU in cores, bytes a second. */
export const HOST_MEASURES = ['cpuCores', 'load', 'freeMemoryMiB'] as const
export const MACHINE_MEASURES = [
  'cpuCores',
  'memoryMiB',
  'receivedBytes',
  'sentBytes',
  'readBytes',
  'writtenBytes',
] as const
/** null: not known of that time. */
export type HostRates = Readonly<Record<(typeof HOST_MEASURES)[number], number | null>>
export type MachineRates = Readonly<Record<(typeof MACHINE_MEASURES)[number], number | null>>
