/** Freezes a worker at a point, as SIGSTOP or a long pause of its machine would: it goes on later as if nothing had happened. */
import type { Ref } from '../../src/model/ids'
import type { Point } from '../../workers/reconcile/work'

export interface Freezer {
  readonly at: (point: Point, ref: Ref) => Promise<void>
  /** Resolves once it is frozen. */
  readonly frozen: Promise<void>
  thaw(): void
}

/** Frozen the n-th time (from 1) that it comes to this point of this kind. */
export function openFreezer(point: Point, kind: Ref['kind'] = 'compute', time = 1): Freezer {
  let left = time
  let freeze: () => void = () => undefined
  let thaw: () => void = () => undefined
  const frozen = new Promise<void>((resolve) => {
    freeze = resolve
  })
  const thawed = new Promise<void>((resolve) => {
    thaw = resolve
  })
  return {
    async at(here, ref) {
      if (here !== point || ref.kind !== kind) return
      left -= 1
      if (left !== 0) return
      freeze()
      await thawed
    },
    frozen,
    thaw: () => thaw(),
  }
}
