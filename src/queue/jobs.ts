/** What a job is: a ref and nothing else, at most one active and one waiting of each. */
import type { JobsOptions, Queue } from 'bullmq'
import { formatRef, parseRef, type Ref } from '../model/ids'

const jobOptions = (member: string): JobsOptions => ({
  attempts: 1,
  deduplication: { id: member, keepLastIfActive: true },
  removeOnComplete: { count: 100 },
  removeOnFail: { count: 100 },
})

/** Adds a job for each ref, all of the queue's kind; one round trip. */
export async function addJobs(queue: Queue, refs: readonly Ref[]): Promise<void> {
  const members = [...new Set(refs.map(formatRef))]
  await queue.addBulk(members.map((member) => ({ name: queue.name, data: { ref: member }, opts: jobOptions(member) })))
}

/** The ref in a job's data; undefined for what is no job of ours. */
export function refOf(data: unknown): Ref | undefined {
  const ref = typeof data === 'object' && data !== null && 'ref' in data ? data.ref : undefined
  return typeof ref === 'string' ? parseRef(ref) : undefined
}
