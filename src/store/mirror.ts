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
import { asFault, fault } from '../faults'
import type { Log } from '../log'
import type { ProjectId } from '../model/ids'
import type { RecordOf } from '../model/records'
import { closed, connectBlocking, openLink, type RedisAddress } from './connect'
import { decodeEvents } from './events'
import { keysOf } from './keys'
import { openLane } from './lane'
import { applyEvents, applyNews, BATCH, type Copy, catchUp, readCopy } from './mirror-copy'
import { askForNews, type News } from './news'
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
/** The same while some ask: they bring what changed themselves, and reading it once more is work for nothing. */
const ASKED_REST_MS = 100

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
  const revisionReader = openRevisionReader(ask)
  let isStopped = false
  let wakeUp = (): void => undefined
  let copy: Copy | undefined
  let sharedAsOf = Number.NEGATIVE_INFINITY
  let hasAsked = false
  let applying: Promise<void> = Promise.resolve()

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

  /** The feed's; ends early when the mirror is closed. */
  const rest = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      if (isStopped) return resolve()
      const timer = setTimeout(resolve, ms)
      wakeUp = () => {
        clearTimeout(timer)
        resolve()
      }
    })

  /** What Redis has of these scopes; what is missing here for it is applied from then on, if it is little. */
  async function ask(scopes: ReadonlySet<string>): Promise<ReadonlyMap<string, number>> {
    const had = copy
    const after = had?.streamId
    const { revisions, news } = await askForNews(site, had, scopes)
    if (had && news) applying = lane.run(async () => applyIfNext(had, after, news)).catch(() => undefined)
    return revisions
  }
  /** Records that came with news are the newest only as long as nobody else brought any. */
  function applyIfNext(had: Copy, after: string | undefined, news: News): void {
    if (copy === had && had.streamId === after) applyNews(had, news, tell)
  }

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
    const ms = hasAsked ? ASKED_REST_MS : FEED_REST_MS
    hasAsked = false
    await rest(ms)
  }

  async function run(): Promise<void> {
    let intact = false
    while (!isStopped) {
      try {
        if (!intact) await lane.join('reload', reload)
        intact = true
        await follow()
      } catch (error) {
        intact = false
        if (isStopped) return
        options.log?.warn({ event: 'mirror.feed', message: asFault(error).message, err: error }, 'the feed broke')
        await rest(RETRY_MS)
      }
    }
  }

  async function fresh(projects: readonly ProjectId[]): Promise<void> {
    const begun = performance.now()
    hasAsked = true
    const revisions = await revisionReader.read(projects)
    if (behind(revisions)) await applying
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
      isStopped = true
      wakeUp()
      await Promise.all([closed(feed), site.link.close()])
      await running
    },
  }
}
