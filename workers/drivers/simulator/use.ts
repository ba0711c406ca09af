/**
 * What simulated hosts and machines use: made up, but the same for the same machine at the same moment, with counters that only
 * grow. Pure. Each machine has a level of its own by its name and goes up and down around it in some minutes.
 */
import { createHash } from 'node:crypto'
import type { HostUsage, MachineUsage } from '../driver'
import type { HostState, Machine, Resource } from './state'

/** What the system of the host itself uses of a core. */
const OWN_CORES = 0.05
const WAVE_S = 600
/** How far it goes from its level; below 1, or counters would go back. */
const SWING = 0.8
const BYTES = { received: 40_000, sent: 25_000, read: 60_000, written: 90_000 } as const

/** 0 to 1, by name. */
const levelOf = (name: string): number => createHash('sha1').update(name).digest().readUInt16BE(0) / 65_535

/** Seconds at the mean level that so many seconds with ups and downs amount to: the integral of 1 + SWING·sin. */
const waved = (seconds: number): number =>
  seconds + ((SWING * WAVE_S) / (2 * Math.PI)) * (1 - Math.cos((2 * Math.PI * seconds) / WAVE_S))

/** How far above or below its level it is now. */
const swing = (seconds: number): number => 1 + SWING * Math.sin((2 * Math.PI * seconds) / WAVE_S)

interface Running {
  readonly machine: Machine
  readonly cores: number
  readonly seconds: number
}

/** Up to half of its cores, so that it stays below them at its highest. A paused one uses nothing, and is not told. */
function runningOf({ machine }: Resource, now: number): readonly Running[] {
  if (machine?.domain !== 'running' || machine.startedAt === null) return []
  const { name, size } = machine.definition
  const cores = (size.cpuHundredths / 100) * 0.5 * levelOf(name)
  return [{ machine, cores, seconds: Math.max(0, now - machine.startedAt) / 1000 }]
}

function machineUsage({ machine, cores, seconds }: Running): MachineUsage {
  const { name, size } = machine.definition
  const bytes = (each: number): number => Math.floor(each * levelOf(name) * waved(seconds))
  return {
    name,
    cpuSeconds: Math.floor(cores * waved(seconds) * 1000) / 1000,
    memoryMiB: size.memoryMiB,
    receivedBytes: bytes(BYTES.received),
    sentBytes: bytes(BYTES.sent),
    readBytes: bytes(BYTES.read),
    writtenBytes: bytes(BYTES.written),
  }
}

/** Of all machines there; `ours` says whose are told one by one. `takenMiB`: memory that machines and foreign domains have. */
export function usage(
  host: HostState,
  all: readonly Resource[],
  { ours, takenMiB, now }: { ours: (resource: Resource) => boolean; takenMiB: number; now: number },
): HostUsage {
  const uptimeSeconds = Math.max(0, now - (host.bootedAt ?? now)) / 1000
  const running = all.flatMap((one) => runningOf(one, now))
  const load = running.reduce((sum, { cores, seconds }) => sum + cores * swing(seconds), OWN_CORES)
  const cpuSeconds = running.map(machineUsage).reduce((sum, one) => sum + one.cpuSeconds, OWN_CORES * uptimeSeconds)
  return {
    load: Math.round(load * 100) / 100,
    uptimeSeconds: Math.floor(uptimeSeconds),
    cpuSeconds: Math.floor(cpuSeconds * 1000) / 1000,
    freeMemoryMiB: Math.max(0, host.capacity.memoryMiB - takenMiB),
    machines: all.filter(ours).flatMap((one) => runningOf(one, now).map(machineUsage)),
  }
}
