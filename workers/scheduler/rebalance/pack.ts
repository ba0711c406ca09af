/**
 * Pack: as few hosts as possible have machines. The host that costs least to empty is emptied into those that are fullest and still
 * have room, all of it or nothing; then the next one, as long as the budget lasts.
 */

import type { At, Board, Step } from './board'
import type { Seated } from './plan'

export function pack(board: Board, budget: number): readonly Step[] {
  const steps: Step[] = []
  /** What found no room: rooms only shrink, so nothing like it will. */
  const hopeless = new Set<string>()
  const emptied = new Set<At>()
  const filled = new Set<At>()
  for (const from of candidates(board)) {
    // One that has taken machines is not emptied again: each machine moves once.
    if (filled.has(from)) continue
    const machines = board.movable[from] ?? []
    if (machines.length > budget - steps.length) continue
    if (machines.some((seated) => hopeless.has(shapeOf(seated, board)))) continue
    const moved = empty(board, from, emptied, hopeless)
    if (!moved) continue
    emptied.add(from)
    for (const { to } of moved) filled.add(to)
    for (const { seated, to } of moved)
      steps.push({ seated, from: board.host(from).id, to: board.host(to).id, gain: 1 / moved.length })
  }
  return steps
}

/** Hosts all of whose machines can be moved, the least memory first. */
function candidates(board: Board): readonly At[] {
  const memoryOn = (at: At): number =>
    (board.movable[at] ?? []).reduce((sum, { demand }) => sum + demand.size.memoryMiB, 0)
  return board.byLoad
    .filter((at) => board.machinesOn(at) > 0 && board.movable[at]?.length === board.machinesOn(at))
    .map((at) => ({ at, memory: memoryOn(at) }))
    .sort((a, b) => a.memory - b.memory || a.at - b.at)
    .map(({ at }) => at)
}

interface Seat {
  readonly seated: Seated
  readonly to: At
}

/** All of its machines elsewhere, the largest first; undefined: not all find room, and nothing has changed. */
function empty(board: Board, from: At, emptied: ReadonlySet<At>, hopeless: Set<string>): readonly Seat[] | undefined {
  const moved: Seat[] = []
  const machines = (board.movable[from] ?? []).toSorted((a, b) => b.demand.size.memoryMiB - a.demand.size.memoryMiB)
  for (const seated of machines) {
    const to = fullest(board, from, emptied, seated)
    if (to === undefined) {
      // With its fellows still here it had found none either, unless they took the room.
      if (moved.length === 0) hopeless.add(shapeOf(seated, board))
      for (const step of moved.toReversed()) board.move(step.seated, step.to, from)
      return undefined
    }
    board.move(seated, from, to)
    moved.push({ seated, to })
  }
  return moved
}

function fullest(board: Board, from: At, emptied: ReadonlySet<At>, seated: Seated): At | undefined {
  const { byLoad } = board
  const demand = board.demandOf(seated)
  for (let index = byLoad.length - 1; index >= 0; index -= 1) {
    const to = byLoad[index] ?? 0
    if (to === from || board.machinesOn(to) === 0 || emptied.has(to) || !board.hasRoom(to, demand)) continue
    if (board.admits(to, demand)) return to
  }
  return undefined
}

/** What decides where a machine finds room: its project's own machines may, and its group's, so only what names none is alike. */
function shapeOf(
  { demand: { id, name: _name, project, avoid, preference, ...rest }, group }: Seated,
  board: Board,
): string {
  const asks = group !== undefined || (preference !== undefined && preference.requirements.length > 0)
  const whose = rest.hosting || board.isByProject ? project : null
  return JSON.stringify([rest, avoid.map(({ host }) => host), asks ? id : null, whose])
}
