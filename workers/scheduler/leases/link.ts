/** The way from the place where images lie: one copy at a time, to any number of hosts at once. */

export interface Span {
  readonly from: number
  readonly to: number
}

export class Link {
  private spans: readonly Span[] = []

  book(span: Span): void {
    this.spans = [...this.spans, span].toSorted((a, b) => a.from - b.from)
  }

  /** When it is first free for so long, from a time on. */
  after(from: number, length: number): number {
    let start = from
    for (const span of this.spans) if (span.from < start + length && start < span.to) start = span.to
    return start
  }

  /** The last time at which something may begin that takes so long and is done by `to`. */
  before(to: number, length: number): number {
    let start = to - length
    for (const span of this.spans.toReversed())
      if (span.from < start + length && start < span.to) start = span.from - length
    return start
  }
}

/**
 * As late as each may be: the earliest deadline is served first, so the times are found from the last one back. Nothing is booked.
 */
export function asLateAsPossible<Job extends { readonly by: number; readonly length: number }>(
  jobs: readonly Job[],
): (Job & Span)[] {
  let next = Number.POSITIVE_INFINITY
  return jobs
    .toSorted((a, b) => b.by - a.by)
    .map((job) => {
      const to = Math.min(job.by, next)
      next = to - job.length
      return { ...job, from: next, to }
    })
    .toReversed()
}
