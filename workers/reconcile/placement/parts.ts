/**
 * A plan as the parts that are written of it, each as soon as it is made: planning goes on while Redis writes what was planned before.
 * Where a group or a reservation binds machines together the plan holds as a whole only, and nothing of it is told before it is made.
 */
import { setImmediate as turn } from 'node:timers/promises'
import type { Placing } from '../../../src/store/store'
import { MOST_PLACED, type Planning } from '../../scheduler/place'
import type { Placings } from './placings'

export interface Made {
  /** How many got a place, and on how many hosts. */
  placed: number
  readonly hosts: Set<string>
  left: number
  /** How much of it there is to write: places, and reasons to wait that are others than before. */
  placings: number
  /** Some had no turn. */
  isCut: boolean
}

export interface PlanInParts {
  readonly parts: AsyncGenerator<readonly Placing[]>
  /** What was made so far. */
  readonly made: Made
}

/** `how`: whether a part holds without those after it. */
export function planInParts(planning: Planning, placings: Placings, how: 'as it is made' | 'as a whole'): PlanInParts {
  const made: Made = { placed: 0, hosts: new Set(), left: 0, placings: 0, isCut: false }
  async function* parts(): AsyncGenerator<readonly Placing[]> {
    let some: Placing[] = []
    for (;;) {
      // What was sent goes out, and answers come in.
      await turn()
      const { value, done } = planning.next()
      if (done) {
        made.left = value.left.length
        made.isCut = value.isCut
        const rest = [...some, ...placings.ofLeft(value.left)]
        made.placings += rest.length
        yield* partsOf(rest)
        return
      }
      made.placed += value.length
      for (const { host } of value) made.hosts.add(host)
      some.push(...placings.of(value))
      if (how === 'as a whole' || some.length < MOST_PLACED) continue
      made.placings += some.length
      yield some
      some = []
    }
  }
  return { parts: parts(), made }
}

/** In their order, but for machines of one group: what has to be whole, or apart, is looked at by one script. */
export function partsOf(placings: readonly Placing[]): readonly (readonly Placing[])[] {
  const groups = new Map<string, Placing[]>()
  const units: Placing[][] = []
  for (const placing of placings) {
    const { group } = placing.on ?? {}
    const known = group === undefined ? undefined : groups.get(group)
    if (known) known.push(placing)
    else {
      const unit = [placing]
      units.push(unit)
      if (group !== undefined) groups.set(group, unit)
    }
  }
  const parts: Placing[][] = []
  let last: Placing[] | undefined
  for (const unit of units) {
    if (last === undefined || last.length + unit.length > MOST_PLACED) {
      last = []
      parts.push(last)
    }
    last.push(...unit)
  }
  return parts
}
