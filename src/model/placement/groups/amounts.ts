/** Amounts of what hosts have, added and compared. */
import type { HostCapacity } from '../../machine'

export const NOTHING: HostCapacity = { cpuHundredths: 0, memoryMiB: 0, diskGiB: 0 }

export const plus = (one: HostCapacity, other: HostCapacity): HostCapacity => ({
  cpuHundredths: one.cpuHundredths + other.cpuHundredths,
  memoryMiB: one.memoryMiB + other.memoryMiB,
  diskGiB: one.diskGiB + other.diskGiB,
})

export const isRoomFor = (room: HostCapacity, needs: HostCapacity): boolean =>
  room.cpuHundredths >= needs.cpuHundredths && room.memoryMiB >= needs.memoryMiB && room.diskGiB >= needs.diskGiB

export const atLeastNothing = ({ cpuHundredths, memoryMiB, diskGiB }: HostCapacity): HostCapacity => ({
  cpuHundredths: Math.max(0, cpuHundredths),
  memoryMiB: Math.max(0, memoryMiB),
  diskGiB: Math.max(0, diskGiB),
})
