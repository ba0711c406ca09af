/** From rounds of two servers, one after the other and again, to one figure beside its base. */
import { readFileSync } from 'node:fs'
import type { Server } from './server'

export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

/** The value that this share of all does not pass. */
export const quantile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? Number.NaN

/** Rounds. */
const WARM_UP = 4

export interface Side {
  readonly server: Server
  /** One round; how many requests it was. */
  readonly round: () => Promise<number>
}

/**
 * CPU ms of one request of each, and how many times the base's the subject's is. Rounds alternate; of each side the lower quartile
 * counts: what else this machine does meanwhile takes caches and time away, and never gives any.
 */
export async function beside(subject: Side, base: Side, rounds: number, warmUp = WARM_UP) {
  const cost = async ({ server, round }: Side): Promise<number> => {
    const before = await server.cpuMs()
    const requests = await round()
    return ((await server.cpuMs()) - before) / requests
  }
  // What the compiler has not seen often enough is not measured.
  for (let i = 0; i < warmUp; i++) for (const side of [subject, base]) await side.round()
  const costs = { subject: [] as number[], base: [] as number[] }
  for (let i = 0; i < rounds; i++) {
    costs.subject.push(await cost(subject))
    costs.base.push(await cost(base))
  }
  const [ours, theirs] = [quantile(costs.subject, 0.25), quantile(costs.base, 0.25)]
  return { subject: ours, base: theirs, times: ours / theirs }
}

/** CPU time of any process, ms; to a hundredth of a second. Linux's proc(5): utime and stime, 100 ticks a second. */
export function cpuMsOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) * 10
}
