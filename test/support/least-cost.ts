/**
 * What a large mix of machines costs at the very least: a bound from below, by Lagrangian relaxation. A machine of each size is worth
 * something; each host takes the machines that are worth most together of all that fit on it, each instance of a type the one that is worth
 * most above its price, whatever others take. Whatever the sizes are worth, no way to place all of them costs less than their worth
 * without what hosts and types gained by that. Sought is the worth for which that is most.
 */
import type { Mix, MixSize } from './cheapest-mix'

const ROUNDS = 2000

/** `known`: what some way costs, so that steps have a length. */
export function leastCost({ sizes, counts, hosts, types }: Mix, known: number): number {
  const packings = hosts.map((host) => packingsOn(host, sizes, counts))
  const takers = types.map((type) =>
    sizes.flatMap((its, at) => (its.cores <= type.cores && its.memoryMiB <= type.memoryMiB ? [at] : [])),
  )
  let worth = sizes.map(() => 0)
  let best = 0
  for (let round = 0; round < ROUNDS; round += 1) {
    const left = [...counts]
    let cost = counts.reduce((sum, count, at) => sum + count * (worth[at] ?? 0), 0)
    for (const all of packings) {
      const { gain, packing } = mostOf(all, worth)
      cost -= gain
      packing.forEach((taken, at) => {
        left[at] = (left[at] ?? 0) - taken
      })
    }
    types.forEach(({ price, count }, nth) => {
      const [at = -1] = (takers[nth] ?? []).toSorted((a, b) => (worth[b] ?? 0) - (worth[a] ?? 0))
      const gain = (worth[at] ?? 0) - price
      if (gain <= 0) return
      cost -= gain * count
      left[at] = (left[at] ?? 0) - count
    })
    best = Math.max(best, cost)
    const length = left.reduce((sum, one) => sum + one * one, 0)
    if (length === 0) break
    const step = ((known - cost) / length) * (1 - round / ROUNDS)
    worth = worth.map((one, at) => Math.max(0, one + step * (left[at] ?? 0)))
  }
  return best
}

type Packing = readonly number[]

function mostOf(
  all: readonly Packing[],
  worth: readonly number[],
): { readonly gain: number; readonly packing: Packing } {
  let most = { gain: 0, packing: [] as Packing }
  for (const packing of all) {
    let gain = 0
    for (let at = 0; at < packing.length; at += 1) gain += (packing[at] ?? 0) * (worth[at] ?? 0)
    if (gain > most.gain) most = { gain, packing }
  }
  return most
}

/** How many of each size fit on a host together, where the last size takes what the others leave. */
function packingsOn(host: MixSize, sizes: readonly MixSize[], counts: readonly number[]): readonly Packing[] {
  const found: Packing[] = []
  const fill = (at: number, { cores, memoryMiB }: MixSize, taken: Packing): void => {
    const size = sizes[at]
    if (size === undefined) {
      found.push(taken)
      return
    }
    const most = Math.min(counts[at] ?? 0, Math.floor(cores / size.cores), Math.floor(memoryMiB / size.memoryMiB))
    for (let one = at === sizes.length - 1 ? most : 0; one <= most; one += 1)
      fill(at + 1, { cores: cores - one * size.cores, memoryMiB: memoryMiB - one * size.memoryMiB }, [...taken, one])
  }
  fill(0, host, [])
  return found
}
