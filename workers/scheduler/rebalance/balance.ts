/**
 * Balance: the largest load becomes as small as possible. Each step takes a machine from the fullest host to where the larger load of
 * the two is least afterwards. Where several hosts are equally full, the largest load falls only with the last of them: steps
 * after which it never fell are left out again.
 */

import type { At, Board, Step } from './board'
import type { Seated } from './plan'

/** A step that makes less of a difference is not worth a move. */
const LEAST_GAIN = 0.01
/** So many hosts, from the emptiest on, are asked for one machine once one of them has taken it. */
const MOST_ASKED = 64

interface Choice {
  readonly seated: Seated
  readonly to: At
  readonly larger: number
}

export function balance(board: Board, budget: number): readonly Step[] {
  const steps: (Step & { readonly back: () => void })[] = []
  /** Each machine moves once. */
  const moved = new Set<Seated>()
  let best = { steps: 0, largest: board.loads().largest }
  while (steps.length < budget) {
    const from = board.byLoad.at(-1)
    if (from === undefined) break
    const load = board.loadAt(from)
    const choice = choose(board, from, moved, load - LEAST_GAIN)
    if (!choice) break
    const { seated, to, larger } = choice
    board.move(seated, from, to)
    moved.add(seated)
    const back = () => board.move(seated, to, from)
    steps.push({ seated, from: board.host(from).id, to: board.host(to).id, gain: load - larger, back })
    const { largest } = board.loads()
    if (largest <= best.largest - LEAST_GAIN) best = { steps: steps.length, largest }
  }
  for (const step of steps.slice(best.steps).reverse()) step.back()
  return steps.slice(0, best.steps)
}

/** The machine of that host and the host for it after which the larger load of both is least, and below `limit`. */
function choose(board: Board, from: At, moved: ReadonlySet<Seated>, limit: number): Choice | undefined {
  let best: Choice | undefined
  for (const seated of board.movable[from] ?? []) {
    if (moved.has(seated)) continue
    const left = board.loadWith(from, seated.demand, -1)
    const most = best?.larger ?? limit
    if (left >= most && !(best && left === best.larger && isCheaper(seated, best.seated))) continue
    const found = emptiest(board, from, seated, left, best?.larger ?? limit)
    if (!found) continue
    if (!best || found.larger < best.larger || (found.larger === best.larger && isCheaper(seated, best.seated)))
      best = found
  }
  return best
}

/** Hosts come in the order of their loads: one that is as full already as the best found cannot be better. */
function emptiest(board: Board, from: At, seated: Seated, left: number, limit: number): Choice | undefined {
  let best: Choice | undefined
  let asked = 0
  const demand = board.demandOf(seated)
  for (const to of board.byLoad) {
    if (board.loadAt(to) >= (best?.larger ?? limit) || asked >= MOST_ASKED) break
    if (best) asked += 1
    if (to === from || !board.hasRoom(to, seated.demand)) continue
    const larger = Math.max(left, board.loadWith(to, seated.demand, 1))
    if (larger > limit || (best && larger >= best.larger) || !board.admits(to, demand)) continue
    best = { seated, to, larger }
    // No other host can make it less than what stays behind.
    if (larger === left) break
  }
  return best
}

const isCheaper = (one: Seated, other: Seated): boolean =>
  one.demand.size.memoryMiB < other.demand.size.memoryMiB ||
  (one.demand.size.memoryMiB === other.demand.size.memoryMiB && one.demand.id < other.demand.id)
