/**
 * So many requests a second of one project, at one gateway, over all fronts: a bucket that holds two seconds' worth and fills all
 * the time, so that a burst is taken and a flood is not. What is refused has cost its signature and nothing else.
 */
import type { Request, RequestHandler } from 'express'
import type { Clock } from '../clock'
import { fault } from '../faults'

const BURST_SECONDS = 2
/** Projects whose buckets are kept; a bucket that is dropped is a full one when its project comes again. */
const MOST_BUCKETS = 10_000

interface Bucket {
  left: number
  /** ms; of the last request. */
  at: number
}

/** Behind authentication; hands on 'throttled'. `perSecond` 0: no limit. */
export function throttle({ perSecond, clock }: { readonly perSecond: number; readonly clock: Clock }): RequestHandler {
  if (perSecond === 0) return (_req, _res, next) => next()
  const most = perSecond * BURST_SECONDS
  const buckets = new Map<string, Bucket>()
  const bucketOf = (project: string, now: number): Bucket => {
    const known = buckets.get(project)
    if (known) return known
    const oldest = buckets.keys().next().value
    if (buckets.size >= MOST_BUCKETS && oldest !== undefined) buckets.delete(oldest)
    const fresh = { left: most, at: now }
    buckets.set(project, fresh)
    return fresh
  }
  return (req, _res, next) => {
    const project = projectOf(req)
    if (project === undefined) return next()
    const now = clock.now()
    const bucket = bucketOf(project, now)
    // A clock that was put back fills nothing.
    bucket.left = Math.min(most, bucket.left + (Math.max(0, now - bucket.at) * perSecond) / 1000)
    bucket.at = now
    if (bucket.left < 1)
      throw fault('throttled', `Request limit exceeded: your project may send ${perSecond} requests a second here.`)
    bucket.left -= 1
    next()
  }
}

const projectOf = (req: Request): string | undefined => req.user?.project
