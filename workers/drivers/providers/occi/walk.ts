/**
 * Looking at computes one by one, of a server that lists only where they are (text of OCCI 1.1): at a bounded rate, however many there
 * are, and so that each poll tells of all.
 *
 * What a compute is called does not change, so it is learned once which are this site's. A list is told only when that is known of every
 * location: until then nothing may be concluded from what is missing, and the walk goes on with the next call. Of this site's own so many
 * are looked at in one list, those first that were not for the longest time; of the others the last look is told. A machine whose location
 * is listed no more is gone at once, whenever it was looked at last.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { fault } from '../../../../src/faults'
import { type OurCompute, ourOwn } from './account'
import type { Compute } from './api/compute'

export interface Pace {
  /** Looks a second, of one account and one worker. */
  readonly perSecond: number
  /** Looks in one list. */
  readonly most: number
}

export const PACE: Pace = { perSecond: 40, most: 320 }

/** Under way at once. */
const ABREAST = 4

export interface Walk {
  /** This site's of these locations. Fault: 'unreachable' while not all of them are known, and those of the looks. */
  all(locations: readonly string[], look: Look): Promise<readonly OurCompute[]>
  /** One machine's, each looked at now. Faults: as those of `all`. */
  ofMachine(locations: readonly string[], machine: string, look: Look): Promise<readonly OurCompute[]>
}

type Look = (location: string) => Promise<Compute | undefined>

interface Known {
  /** Null: somebody else's. */
  readonly compute: OurCompute | null
  readonly at: number
}

/** Of one account. `now`: ms, only ever compared. */
export function openWalk(
  site: string,
  { perSecond, most }: Pace = PACE,
  now: () => number = () => performance.now(),
): Walk {
  const known = new Map<string, Known>()
  let free = 0

  /** Its turn comes: never more than so many a second. */
  const turn = async (): Promise<void> => {
    const at = Math.max(now(), free)
    free = at + 1000 / perSecond
    if (at > now()) await sleep(at - now())
  }

  const lookAt = async (location: string, look: Look): Promise<void> => {
    await turn()
    const compute = await look(location)
    if (compute === undefined) known.delete(location)
    else known.set(location, { compute: ourOwn(compute, site) ?? null, at: now() })
  }

  async function lookAtAll(locations: readonly string[], look: Look): Promise<void> {
    const left = [...locations]
    const walker = async (): Promise<void> => {
      for (let next = left.shift(); next !== undefined; next = left.shift()) await lookAt(next, look)
    }
    await Promise.all(Array.from({ length: ABREAST }, walker))
  }

  const ours = (locations: readonly string[]): readonly OurCompute[] =>
    locations.flatMap((location) => known.get(location)?.compute ?? [])

  return {
    async all(locations, look) {
      const listed = new Set(locations)
      for (const location of known.keys()) if (!listed.has(location)) known.delete(location)
      const strange = locations.filter((location) => !known.has(location))
      const oldest = ours(locations)
        .map(({ location }) => location)
        .toSorted((a, b) => (known.get(a)?.at ?? 0) - (known.get(b)?.at ?? 0))
      await lookAtAll([...strange, ...oldest].slice(0, most), look)
      refuseUnknown(strange.length - most, locations)
      return ours(locations)
    },
    async ofMachine(locations, machine, look) {
      const may = locations.filter((location) => {
        const found = known.get(location)
        return found === undefined || found.compute?.mark.machine === machine
      })
      await lookAtAll(may.slice(0, most), look)
      refuseUnknown(may.length - most, locations)
      return ours(may).filter(({ mark }) => mark.machine === machine)
    },
  }
}

function refuseUnknown(left: number, { length }: readonly string[]): void {
  if (left > 0) throw fault('unreachable', `${left} of ${length} machines there are still to be looked at`)
}
