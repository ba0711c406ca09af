/**
 * Who has a password worked out, which costs 50 ms of a core, at the same time: few at once in all, and fewer of one address, so that a
 * stranger who sends wrong ones without pause takes neither all places nor all cores. A wrong one keeps its place for a second: so many
 * guesses has one address.
 */
import type { Clock } from '../../clock'
import { fault } from '../../faults'

const MOST = 64
const MOST_OF_SOURCE = 16
const WRONG_MS = 1000
/** One that is dropped has all of its places again when it comes back. */
const MOST_SOURCES = 10_000

interface Source {
  running: number
  /** Until when (ms) wrong ones keep their places. */
  wrong: readonly number[]
}

export interface LoginPlaces {
  /** To be told what became of it. Faults: 'unavailable' (too many in all), 'throttled' (of this address). */
  take(address: string): (outcome: 'right' | 'wrong') => void
}

export function openLoginPlaces(clock: Clock): LoginPlaces {
  const sources = new Map<string, Source>()
  let running = 0

  const sourceOf = (network: string): Source => {
    const known = sources.get(network)
    if (known) return known
    const oldest = sources.keys().next().value
    if (sources.size >= MOST_SOURCES && oldest !== undefined) sources.delete(oldest)
    const fresh: Source = { running: 0, wrong: [] }
    sources.set(network, fresh)
    return fresh
  }

  return {
    take(address) {
      if (running >= MOST) throw fault('unavailable', 'too many logins at once; try again')
      const network = networkOf(address)
      const source = sourceOf(network)
      const now = clock.now()
      // A clock that was put back keeps nobody out.
      source.wrong = source.wrong.filter((until) => until > now && until <= now + WRONG_MS)
      if (source.running + source.wrong.length >= MOST_OF_SOURCE)
        throw fault('throttled', 'too many logins from your address at once; try again in a second')
      running += 1
      source.running += 1
      return (outcome) => {
        running -= 1
        source.running -= 1
        if (outcome === 'wrong') source.wrong = [...source.wrong, clock.now() + WRONG_MS]
        else if (source.running === 0 && source.wrong.length === 0) sources.delete(network)
      }
    },
  }
}

/** Who has one address of IPv6 has its whole /64. */
function networkOf(address: string): string {
  if (!address.includes(':') || address.includes('.')) return address
  const [head = [], tail = []] = address.split('::').map((part) => part.split(':').filter(Boolean))
  const zeros = Array.from({ length: Math.max(0, 8 - head.length - tail.length) }, () => '0')
  return [...head, ...zeros, ...tail].slice(0, 4).join(':')
}
