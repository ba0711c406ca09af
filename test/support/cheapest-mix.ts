/** What a mix of machines costs at the very least: every way to keep some here, and every way to share out the rest. For small mixes. */
export interface MixSize {
  readonly cores: number
  readonly memoryMiB: number
}
export interface MixType extends MixSize {
  readonly price: number
  /** So many of it there are. */
  readonly count: number
}
export interface Mix {
  readonly sizes: readonly MixSize[]
  /** How many machines of each size. */
  readonly counts: readonly number[]
  /** Hosts of one's own, with what is free. */
  readonly hosts: readonly MixSize[]
  readonly types: readonly MixType[]
}

const fits = (size: MixSize, within: MixSize): boolean =>
  size.cores <= within.cores && size.memoryMiB <= within.memoryMiB

/** Numbers in mixed bases: which machines are meant. */
function codes(counts: readonly number[]) {
  const bases = counts.map((_, at) => counts.slice(0, at).reduce((product, count) => product * (count + 1), 1))
  const size = counts.reduce((product, count) => product * (count + 1), 1)
  const digit = (code: number, at: number): number => Math.floor(code / (bases[at] ?? 1)) % ((counts[at] ?? 0) + 1)
  return { bases, size, digit }
}

/** undefined: there is no way for all of them. */
export function cheapestMix({ sizes, counts, hosts, types }: Mix): number | undefined {
  const { bases, size, digit } = codes(counts)
  const kept = keepable({ sizes, counts, hosts })
  // Of each rest, what it costs with the types looked at so far; one instance after another.
  let costs = new Float64Array(size).fill(Number.POSITIVE_INFINITY)
  costs[0] = 0
  const total = counts.reduce((sum, count) => sum + count, 0)
  for (const type of types)
    for (let one = 0; one < Math.min(type.count, total); one += 1) {
      const after = costs.slice()
      for (let code = 0; code < size; code += 1)
        sizes.forEach((its, at) => {
          if (digit(code, at) === 0 || !fits(its, type)) return
          const before = costs[code - (bases[at] ?? 0)] ?? Number.POSITIVE_INFINITY
          after[code] = Math.min(after[code] ?? Number.POSITIVE_INFINITY, before + type.price)
        })
      costs = after
    }
  const all = size - 1
  const least = Math.min(...[...kept].map((code) => costs[all - code] ?? Number.POSITIVE_INFINITY))
  return least === Number.POSITIVE_INFINITY ? undefined : least
}

/** Every set of machines that the hosts have room for together. */
function keepable({ sizes, counts, hosts }: Pick<Mix, 'sizes' | 'counts' | 'hosts'>): ReadonlySet<number> {
  const { size, digit } = codes(counts)
  const digits = counts.map((_, at) => Uint16Array.from({ length: size }, (_none, code) => digit(code, at)))
  const sum = (code: number, of: (its: MixSize) => number): number =>
    sizes.reduce((all, its, at) => all + of(its) * (digits[at]?.[code] ?? 0), 0)
  const cores = Float64Array.from({ length: size }, (_none, code) => sum(code, (its) => its.cores))
  const memory = Float64Array.from({ length: size }, (_none, code) => sum(code, (its) => its.memoryMiB))
  const goTogether = (a: number, b: number): boolean =>
    digits.every((its, at) => (its[a] ?? 0) + (its[b] ?? 0) <= (counts[at] ?? 0))
  let known = new Set([0])
  for (const host of hosts) {
    const next = new Set<number>()
    for (let code = 0; code < size; code += 1) {
      if ((cores[code] ?? 0) > host.cores || (memory[code] ?? 0) > host.memoryMiB) continue
      for (const one of known) if (goTogether(one, code)) next.add(one + code)
    }
    known = next
  }
  return known
}
