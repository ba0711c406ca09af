/**
 * One lock per resource of a host. A call of a newer epoch ends the attached command of an older one, and turns away the older
 * ones that wait; calls of one epoch take their turns.
 */
import { fault } from '../../../src/faults'
import { compareEpochs, type Epoch, formatEpoch } from '../../../src/model/epoch'

/** Holding the lock. `ended` is aborted, with the fault as its reason, when a newer epoch comes. */
export interface Turn {
  readonly ended: AbortSignal
  leave(): void
}

interface Waiting {
  readonly epoch: Epoch
  readonly controller: AbortController
  readonly begin: () => void
}

export class Lanes {
  readonly #lanes = new Map<string, Waiting[]>()

  /** A call of this epoch has come: all older ones end. */
  overtake(lane: string, epoch: Epoch): void {
    for (const one of this.#lanes.get(lane) ?? [])
      if (compareEpochs(one.epoch, epoch) < 0)
        one.controller.abort(fault('stale', 'a newer claim has come', { held: formatEpoch(epoch) }))
  }

  /** How many calls are at a host, doing or waiting for their turn. */
  count(host: string): number {
    return [...this.#lanes].reduce((sum, [lane, calls]) => sum + (lane.startsWith(`${host}/`) ? calls.length : 0), 0)
  }

  /** All calls that are at a host break off: it restarts. */
  breakOff(host: string): void {
    for (const [lane, calls] of this.#lanes)
      if (lane.startsWith(`${host}/`))
        for (const one of calls) one.controller.abort(fault('unreachable', `${host} restarted`))
  }

  /** Waits for the lock. 'stale' when a newer epoch comes meanwhile. */
  async enter(lane: string, epoch: Epoch): Promise<Turn> {
    const controller = new AbortController()
    const queue = this.#lanes.get(lane) ?? []
    this.#lanes.set(lane, queue)
    await new Promise<void>((resolve) => {
      queue.push({ epoch, controller, begin: resolve })
      if (queue.length === 1) resolve()
    })
    const turn = { ended: controller.signal, leave: () => this.#next(lane, queue) }
    if (!controller.signal.aborted) return turn
    turn.leave()
    throw controller.signal.reason
  }

  #next(lane: string, queue: Waiting[]): void {
    queue.shift()
    const next = queue[0]
    if (next) next.begin()
    else this.#lanes.delete(lane)
  }
}
