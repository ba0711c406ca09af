/** The arrows of a story, counted: a worker dies at one of them, in each life of the story at another one. */
import type { Ref } from '../../src/model/ids'
import { Crash, type PumpOptions } from './pump'

export interface Arrows {
  /** For the pump. */
  readonly at: NonNullable<PumpOptions['at']>
  /** From now on they count, from none. A worker dies at that one, the first being 0; at none where it is negative. */
  count(dieAt: number): void
  /** They count no more. Those that did, by name (`intent compute`), in order. */
  rest(): readonly string[]
}

export interface Counted {
  /** Jobs whose arrows count; all, unless told otherwise. */
  readonly of?: (ref: Ref) => boolean
  /** What must hold at each of them. */
  readonly check?: () => Promise<void>
}

export function openArrows({ of = () => true, check }: Counted = {}): Arrows {
  let passed: string[] | undefined
  let last: readonly string[] = []
  let dying = -1
  return {
    async at(point, ref) {
      if (!passed || !of(ref)) return
      await check?.()
      const name = `${point} ${ref.kind}`
      passed.push(name)
      if (passed.length - 1 === dying) throw new Crash(name)
    },
    count(dieAt) {
      passed = []
      dying = dieAt
    },
    rest() {
      last = passed ?? last
      passed = undefined
      return last
    },
  }
}

/** A story with a worker that dies at that arrow; answers all that it passed. */
export type Life = (dieAt: number) => Promise<readonly string[]>

/** Lives it once undisturbed, when it passes so many arrows at least, and once for each of them. */
export async function dieAtEach(life: Life, least: number): Promise<void> {
  const { length } = await life(-1)
  expect(length).toBeGreaterThanOrEqual(least)
  for (let at = 0; at < length; at++) await life(at)
}

/** The same, but of long stories: at each arrow of each kind of job where it is passed first and where last. */
export async function dieAtFirstAndLast(
  life: Life,
  least: number,
  matters: (name: string) => boolean = () => true,
): Promise<void> {
  const names = await life(-1)
  expect(names.length).toBeGreaterThanOrEqual(least)
  const chosen = names.filter(matters).flatMap((name) => [names.indexOf(name), names.lastIndexOf(name)])
  expect(chosen).not.toEqual([])
  for (const at of new Set(chosen)) await life(at)
}

/** Where something is written or done; before and after it. */
const WRITES = /:(?:intent|act|result|place|forget)$/

/** A worker that dies the first time that it comes to each of those points of jobs of these kinds; `died` has their names. */
export function dyingOnce(kinds: readonly string[]): Pick<Arrows, 'at'> & { readonly died: ReadonlySet<string> } {
  const died = new Set<string>()
  return {
    died,
    at(point, { kind }) {
      const where = `${point} ${kind}`
      if (!kinds.includes(kind) || !WRITES.test(point) || died.has(where)) return
      died.add(where)
      throw new Crash(where)
    },
  }
}
