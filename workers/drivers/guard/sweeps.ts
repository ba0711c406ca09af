/** A host's ledger is swept by an exec of its own, at most once an hour and worker, beside the calls. */
import type { HostTarget } from '../driver'

const PERIOD_MS = 3_600_000

export class Sweeps {
  readonly #sweep: (host: HostTarget) => Promise<unknown>
  readonly #lastAt = new Map<string, number>()
  readonly #under = new Set<Promise<void>>()

  constructor(sweep: (host: HostTarget) => Promise<unknown>) {
    this.#sweep = sweep
  }

  /** A host was seen to answer: sweeps it when it is time. */
  after(host: HostTarget): void {
    const now = performance.now()
    if (now - (this.#lastAt.get(host.address) ?? Number.NEGATIVE_INFINITY) < PERIOD_MS) return
    this.#lastAt.set(host.address, now)
    const done = this.#sweep(host)
      .then(
        () => undefined,
        // What was not swept now is swept an hour later.
        () => undefined,
      )
      .finally(() => this.#under.delete(done))
    this.#under.add(done)
  }

  /** Waits for those under way. */
  async through(): Promise<void> {
    await Promise.all(this.#under)
  }
}
