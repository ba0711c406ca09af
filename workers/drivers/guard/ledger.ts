/**
 * What a guard remembers of resources that are gone. A departed resource leaves one line (id, epoch), so that an older worker
 * that wakes late is still refused. After 30 days the line goes and the host's floor rises to its epoch: what the guard does
 * not know, it refuses at or below the floor, so nothing is ever forgotten unsafely.
 */
import { compareEpochs, type Epoch } from '../../../src/model/epoch'

/** ms that a line stays after its resource departed. */
export const LINE_KEPT_MS = 30 * 24 * 3_600_000
/** ms that results stay after the resource departed: a lost answer is repeated within minutes. */
export const RESULTS_KEPT_MS = 3_600_000

export interface Line {
  readonly id: string
  readonly epoch: Epoch
  /** When the resource departed, ms. */
  readonly at: number
}

export interface Sweep {
  readonly floor: Epoch
  /** Ids whose lines go. */
  readonly dropped: readonly string[]
  /** Ids whose results go. */
  readonly forgotten: readonly string[]
}

/** Which lines are old enough to go, and the floor that then stands for them. The floor is to be on disk before a line goes. */
export function sweep(lines: Iterable<Line>, floor: Epoch, now: number): Sweep {
  const dropped: string[] = []
  const forgotten: string[] = []
  let raised = floor
  for (const line of lines) {
    if (now - line.at >= LINE_KEPT_MS) {
      dropped.push(line.id)
      if (compareEpochs(line.epoch, raised) > 0) raised = line.epoch
    } else if (now - line.at >= RESULTS_KEPT_MS) forgotten.push(line.id)
  }
  return { floor: raised, dropped, forgotten }
}
