/**
 * A gateway's copy of its site's records.
 *
 * Truth is in Redis; this is a cache that may be thrown away. It is fed by the event stream: an event names the records
 * that changed, the mirror reads those anew. Reading may give a newer form than the event names; that is only fresher.
 * Event numbers are dense: a jump means that something was missed, and everything is read again; so it is after each
 * loss of the connection, because the server that comes back may be another one.
 *
 * Read-your-writes across gateways: each script raises its scopes' revisions in Redis before it answers. `fresh` compares
 * those with the mirror's and, where it is behind, applies the missing events itself instead of waiting for the feed.
 *
 * Feed and `fresh` share one lane: events are applied by one of them at a time, and each event once.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { asFault, fault } from '../faults'
import type { Log } from '../log'
import type { ProjectId } from '../model/ids'
import type { RecordOf } from '../model/records'
import { closed, connectBlocking, openLink, type RedisAddress } from './connect'
import { decodeEvents } from './events'
import { keysOf } from './keys'
import { openLane } from './lane'
import { applyEvents, BATCH, type Copy, catchUp, readCopy } from './mirror-copy'
import { unexpected } from './reply'
import { openRevisionReader, type Revisions } from './revisions'
import type { Site } from './script'
import type { Mirror, SiteEvent } from './store'

export interface MirrorOptions {
  readonly site: string
  readonly redis: RedisAddress
  readonly log?: Log
  /** How long `fresh` and the first full read wait for Redis; default 5 s. */
  readonly timeoutMs?: number
}

/** How long one blocking read waits. */
const BLOCK_MS = 5_000
const RETRY_MS = 100
/** Between two readings of the feed that brought something: many changes are read at once. Who needs to see them now asks by `fresh`. */
const FEED_REST_MS = 10

/**
 * Resolves once everything is read, or after a while without Redis (`ready` is false then and becomes true by itself).
 *
 * Records have the numbers of their last shown change: a claim or a wake changes nothing that a front shows, so `epoch`
 * and `wakes` may be older here than in the store.
 */
export async function openMirror(options: MirrorOptions): Promise<Mirror> {
  const site: Site = {
    keys: keysOf(options.site),
    link: openLink(options.redis, `mirror:${options.site}`, options.timeoutMs),
  }
  const feed = connectBlocking(options.redis, `feed:${options.site}`)
  const listeners = new Set<(event: SiteEvent) => void>()
  const lane = openLane()
  const revisionReader = openRevisionReader(site)
  const stop = new AbortController()
  let copy: Copy | undefined
  let sharedAsOf = Number.NEGATIVE_INFINITY

  const tell = (event: SiteEvent): void => {
    for (const listener of listeners) {
      try {
        listener(event)
      } catch (error) {
        options.log?.error({ event: 'mirror.listener', err: error }, 'a listener failed')
      }
    }
  }
  const reload = async (): Promise<void> => {
    copy = await readCopy(site, copy)
    options.log?.info({ event: 'mirror.loaded', number: copy.number }, 'records read')
  }
  const caughtUp = async (): Promise<void> => {
    if (!copy || !(await catchUp(site, copy, tell))) await reload()
  }
  const behind = (revisions: Revisions): boolean =>
    !copy || revisions.some(([scope, revision]) => (copy?.revisions.get(scope) ?? 0) < revision)

  const rest = (ms: number) => pause(ms, undefined, { signal: stop.signal }).catch(() => undefined)

  /** One blocking read and what it brings. */
  async function follow(): Promise<void> {
    // A command that waits inside ioredis would outlive our closing.
    if (feed.status !== 'ready') throw fault('unavailable', 'the feed is not connected')
    const after = copy?.streamId ?? '0-0'
    const reply: unknown = await feed.xread('COUNT', BATCH, 'BLOCK', BLOCK_MS, 'STREAMS', site.keys.events, after)
    if (reply === null) return
    const stream: unknown = Array.isArray(reply) ? reply[0] : undefined
    if (!Array.isArray(stream)) throw unexpected(reply)
    const events = decodeEvents(stream[1])
    await lane.run(async () => {
      if (!copy || !(await applyEvents(site, copy, events, tell))) await reload()
    })
    await rest(FEED_REST_MS)
  }

  async function run(): Promise<void> {
    let intact = false
    while (!stop.signal.aborted) {
      try {
        if (!intact) await lane.join('reload', reload)
        intact = true
        await follow()
      } catch (error) {
        intact = false
        if (stop.signal.aborted) return
        options.log?.warn({ event: 'mirror.feed', message: asFault(error).message, err: error }, 'the feed broke')
        await rest(RETRY_MS)
      }
    }
  }

  async function fresh(projects: readonly ProjectId[]): Promise<void> {
    const begun = performance.now()
    const revisions = await revisionReader.read(projects)
    if (behind(revisions)) {
      await lane.join('catch-up', caughtUp)
      // The stream does not lead there: it was trimmed, or the server is another one.
      if (behind(revisions)) await lane.join('reload', reload)
      if (behind(revisions)) throw fault('unavailable', 'the records are not read yet; try again')
    }
    sharedAsOf = Math.max(sharedAsOf, begun)
  }

  const first = lane.join('reload', reload)
  const running = run()
  await first.catch((error: unknown) => {
    options.log?.warn({ event: 'mirror.late', message: asFault(error).message }, 'records are not read yet')
  })

  return {
    get ready() {
      return copy !== undefined
    },
    get sharedAsOf() {
      return sharedAsOf
    },
    fresh: (...projects) => fresh(projects),
    get: (kind, id) => copy?.shelf.get(kind, id) as RecordOf[typeof kind] | undefined,
    list: (kind, project) => copy?.shelf.list(kind, project) ?? [],
    all: (kind) => copy?.shelf.all(kind) ?? [],
    named: (name) => copy?.shelf.named(name),
    revision: (project) => copy?.revisions.get(project) ?? 0,
    asOf: (project) => copy?.shelf.asOf(project) ?? '',
    onEvent(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async close() {
      stop.abort()
      await Promise.all([closed(feed), site.link.close()])
      await running
    },
  }
}
