/**
 * Hosts by rank: a heap with four children to a place (fewer levels, and neighbours lie together) in which a host whose rank changed
 * moves, so that none is in it twice. The highest rank first, on ties the first of the table. Where each host is in it is noted from
 * when another than the best one is asked for: most heaps are only ever changed at their top.
 */
export class BestFirst {
  private readonly hosts: Int32Array
  private readonly ranks: Float64Array
  /** Where a host is in the heap; -1: it is not. */
  private at: Int32Array | undefined
  private size = 0

  /** `hosts`: how many there are at most. */
  constructor(hosts: number) {
    this.hosts = new Int32Array(hosts)
    this.ranks = new Float64Array(hosts)
  }

  /** Instead of what is in it, all of these at once. */
  fill(hosts: ArrayLike<number>, rankOf: (host: number) => number): void {
    this.at = undefined
    this.size = hosts.length
    for (let at = 0; at < this.size; at += 1) {
      const host = hosts[at] ?? 0
      this.put(host, rankOf(host), at)
    }
    for (let at = (this.size - 2) >> 2; at >= 0; at -= 1) this.sink(this.hosts[at] ?? 0, this.ranks[at] ?? 0, at)
  }

  /** The best host; undefined when there is none. */
  top(): number | undefined {
    return this.size === 0 ? undefined : this.hosts[0]
  }

  /** What a host was put in with last; undefined: it is not in it. */
  rankOf(host: number): number | undefined {
    const at = this.placeOf(host)
    return at < 0 ? undefined : this.ranks[at]
  }

  set(host: number, rank: number): void {
    let at = this.placeOf(host)
    if (at < 0) {
      at = this.size
      this.size += 1
    }
    this.settle(host, rank, at)
  }

  remove(host: number): void {
    const at = this.placeOf(host)
    if (at < 0) return
    if (this.at) this.at[host] = -1
    this.size -= 1
    if (at < this.size) this.settle(this.hosts[this.size] ?? 0, this.ranks[this.size] ?? 0, at)
  }

  private placeOf(host: number): number {
    if (this.size > 0 && this.hosts[0] === host) return 0
    this.at ??= this.places()
    return this.at[host] ?? -1
  }

  private places(): Int32Array {
    const places = new Int32Array(this.hosts.length).fill(-1)
    for (let at = 0; at < this.size; at += 1) places[this.hosts[at] ?? 0] = at
    return places
  }

  /** Up or down from there. */
  private settle(host: number, rank: number, from: number): void {
    let at = from
    while (at > 0) {
      const above = (at - 1) >> 2
      if (!this.isAfter(above, host, rank)) break
      this.put(this.hosts[above] ?? 0, this.ranks[above] ?? 0, at)
      at = above
    }
    if (at === from) this.sink(host, rank, at)
    else this.put(host, rank, at)
  }

  private sink(host: number, rank: number, from: number): void {
    const { hosts, ranks, size, at: places } = this
    let at = from
    for (let first = 4 * at + 1; first < size; first = 4 * at + 1) {
      let best = first
      let most = ranks[first] ?? 0
      const end = Math.min(first + 4, size)
      for (let child = first + 1; child < end; child += 1) {
        const its = ranks[child] ?? 0
        if (its > most || (its === most && (hosts[child] ?? 0) < (hosts[best] ?? 0))) {
          best = child
          most = its
        }
      }
      const above = hosts[best] ?? 0
      if (most < rank || (most === rank && above > host)) break
      hosts[at] = above
      ranks[at] = most
      if (places) places[above] = at
      at = best
    }
    this.put(host, rank, at)
  }

  private put(host: number, rank: number, at: number): void {
    this.hosts[at] = host
    this.ranks[at] = rank
    if (this.at) this.at[host] = at
  }

  /** Whether what is at that place comes after a host. */
  private isAfter(at: number, host: number, rank: number): boolean {
    const its = this.ranks[at] ?? 0
    return its < rank || (its === rank && (this.hosts[at] ?? 0) > host)
  }
}
