/** Work one at a time, in order. */
export interface Lane {
  run<T>(work: () => Promise<T>): Promise<T>
  /** Joins work of this name that is queued and has not begun: what it will see is as fresh as if it were queued now. */
  join(name: string, work: () => Promise<void>): Promise<void>
}

export function openLane(): Lane {
  let tail: Promise<unknown> = Promise.resolve()
  const queued = new Map<string, Promise<void>>()
  const run = <T>(work: () => Promise<T>): Promise<T> => {
    const done = tail.then(work)
    tail = done.catch(() => undefined)
    return done
  }
  return {
    run,
    join(name, work) {
      const waiting = queued.get(name)
      if (waiting) return waiting
      const done = run(() => {
        queued.delete(name)
        return work()
      })
      queued.set(name, done)
      return done
    },
  }
}
