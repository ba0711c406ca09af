/** The workloads in test/fixtures/leases as leases: Standard Workload Format, and Haizea's own for reservations. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { HostId } from '../../../src/model/ids'
import type { LeaseNode } from '../../../workers/scheduler/leases'
import type { Request } from '../../support/lease-world'

const FOLDER = join(__dirname, '..', '..', 'fixtures', 'leases')

/** One core and 1 GiB, of which each node has one (the experiments' site). */
const MACHINE = { cpuHundredths: 100, memoryMiB: 1024, diskGiB: 0 }

export const NODES: readonly LeaseNode[] = Array.from({ length: 144 }, (_, at) => ({
  id: `n${String(at).padStart(3, '0')}` as HostId,
  room: MACHINE,
}))

const rows = (file: string): string[][] =>
  readFileSync(join(FOLDER, file), 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith(';'))
    .map((line) => line.trim().split(/\s+/))

const machines = (count: number): Request['lease']['machines'] => Array.from({ length: count }, () => MACHINE)

/** A whole number of a row, fields counted from 1. */
function field(row: readonly string[], at: number, file: string): number {
  const value = Number(row[at - 1])
  if (!Number.isFinite(value)) throw new Error(`${file}: field ${at} is no number in ${row.join(' ')}`)
  return value
}

/** The first of the best-effort requests. What ran longer than it asked for was cut off there. */
export function bestEffort(most = Number.POSITIVE_INFINITY): Request[] {
  const file = 'sdsc-blue-30days.swf'
  return rows(file)
    .slice(0, most)
    .map((row) => {
      const seconds = field(row, 9, file)
      return {
        lease: {
          id: `be-${field(row, 1, file)}`,
          machines: machines(field(row, 8, file)),
          seconds,
          terms: { kind: 'best-effort' },
          submitted: field(row, 2, file),
          preemptible: true,
        },
        real: Math.min(seconds, field(row, 4, file)),
      }
    })
}

/** Those that take so many percent of all CPU hours. */
export function reservations(percent: 10 | 20 | 30): Request[] {
  const file = `ar-${percent}-3h-medium.lwf`
  return rows(file).map((row, at) => ({
    lease: {
      id: `ar-${at}`,
      machines: machines(field(row, 5, file)),
      seconds: field(row, 3, file),
      terms: { kind: 'reservation', start: field(row, 2, file) },
      submitted: field(row, 1, file),
      preemptible: false,
    },
  }))
}
