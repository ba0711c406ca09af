/** What a mirror holds, how it is read as a whole, and how events change it. */
import { KINDS, type Ref } from '../model/ids'
import type { AnyRecord } from '../model/records'
import { decodeEvents, eventsAfter } from './events'
import type { News } from './news'
import { pipelined } from './read'
import { decodeKnown, RECORD_FIELDS } from './record'
import { texts } from './reply'
import type { Site } from './script'
import { Shelf } from './shelf'
import type { SiteEvent } from './store'

export interface Copy {
  readonly shelf: Shelf
  /** Of the last event applied. */
  streamId: string
  number: number
  /** Scope to the revision whose changes are all here. */
  readonly revisions: Map<string, number>
}

/** So many events, or records, in one round trip. */
export const BATCH = 500

/** Public records, and those that authentication looks at. */
export const SHARED_SCOPE = '*'

/**
 * Reads everything. First the last event, then revisions, then records, then what came after that event: what changes
 * meanwhile is applied once more. A record that is as before stays the same object.
 */
export async function readCopy(site: Site, before: Copy | undefined): Promise<Copy> {
  for (;;) {
    const last = decodeEvents(
      await site.link.run((redis) => redis.xrevrange(site.keys.events, '+', '-', 'COUNT', 1)),
    )[0]
    const revisions = await site.link.run((redis) => redis.hgetall(site.keys.revisions))
    const copy: Copy = {
      shelf: await readShelf(site, before?.shelf),
      streamId: last?.streamId ?? '0-0',
      number: last?.number ?? 0,
      revisions: new Map(Object.entries(revisions).map(([scope, revision]) => [scope, Number(revision)])),
    }
    if (await catchUp(site, copy, () => undefined)) return copy
  }
}

/** Applies what the stream has after the copy's last event. False at a gap: the copy is to be read anew. */
export async function catchUp(site: Site, copy: Copy, tell: (event: SiteEvent) => void): Promise<boolean> {
  for (;;) {
    const events = await eventsAfter(site, copy.streamId, BATCH)
    if (!(await applyEvents(site, copy, events, tell))) return false
    if (events.length < BATCH) return true
  }
}

/** Applies those that are new, all or none. False at a gap. */
export async function applyEvents(
  site: Site,
  copy: Copy,
  events: readonly SiteEvent[],
  tell: (event: SiteEvent) => void,
): Promise<boolean> {
  const news = newAndDense(copy, events)
  if (!news) return false
  const refs = lacking(copy.shelf, news)
  shelve(copy.shelf, refs, await readRefs(site, refs))
  moveOn(copy, news, tell)
  return true
}

/** The same with records that came along. They are as old as the news: nothing may have been applied since these were asked for. */
export function applyNews(copy: Copy, { events, record }: News, tell: (event: SiteEvent) => void): boolean {
  const news = newAndDense(copy, events)
  if (!news) return false
  const refs = lacking(copy.shelf, news)
  shelve(copy.shelf, refs, refs.map(record))
  moveOn(copy, news, tell)
  return true
}

/** Those that were not applied yet; undefined where one before them is missing. */
function newAndDense(copy: Copy, events: readonly SiteEvent[]): readonly SiteEvent[] | undefined {
  const news = events.filter(({ number }) => number > copy.number)
  return news.some(({ number }, i) => number !== copy.number + 1 + i) ? undefined : news
}

function moveOn(copy: Copy, news: readonly SiteEvent[], tell: (event: SiteEvent) => void): void {
  for (const event of news) {
    copy.streamId = event.streamId
    copy.number = event.number
    for (const [scope, revision] of Object.entries(event.revisions))
      copy.revisions.set(scope, Math.max(revision, copy.revisions.get(scope) ?? 0))
  }
  for (const event of news) tell(event)
}

async function readShelf(site: Site, before: Shelf | undefined): Promise<Shelf> {
  const sets = await pipelined(site, (pipeline) => {
    for (const kind of KINDS) pipeline.smembers(site.keys.ids(kind))
  })
  const refs = KINDS.flatMap((kind, i) => texts(sets[i]).map((id): Ref => ({ kind, id: id ?? '' })))
  const shelf = new Shelf()
  for (let from = 0; from < refs.length; from += BATCH) {
    for (const record of await readRefs(site, refs.slice(from, from + BATCH))) {
      if (!record) continue
      const known = before?.get(record.kind, record.id)
      shelf.put(known && isUnchanged(known, record) ? known : record)
    }
  }
  return shelf
}

/**
 * The numbers alone do not say it. An id may have ended and been made anew meanwhile, with revs counted anew; and behind another connection
 * there may be a server that lost the newest writes (a failover) and has given their numbers to others.
 */
const isUnchanged = (known: AnyRecord, record: AnyRecord): boolean =>
  known.rev === record.rev && known.generation === record.generation && contentOf(known) === contentOf(record)

const contentOf = ({ wish, seen, journal, place }: AnyRecord): string => JSON.stringify([wish, seen, journal, place])

type Lacking = Ref & { readonly gone: boolean }

/** What events name in a newer form than is here, each once; `gone`: it ended in between, whether or not it is there again. */
function lacking(shelf: Shelf, events: readonly SiteEvent[]): readonly Lacking[] {
  const wanted = new Map<string, Lacking>()
  for (const { kind, id, rev, gone } of events.flatMap(({ refs }) => refs)) {
    const key = `${kind}:${id}`
    const known = shelf.get(kind, id)
    if (gone || !known || known.rev < rev) wanted.set(key, { kind, id, gone: gone || wanted.get(key)?.gone === true })
  }
  return [...wanted.values()]
}

function shelve(shelf: Shelf, refs: readonly Lacking[], records: readonly (AnyRecord | undefined)[]): void {
  for (const [i, { kind, id, gone }] of refs.entries()) {
    const record = records[i]
    if (!record) shelf.remove(kind, id)
    // Where it was gone in between, an equal rev is another record's.
    else if (gone || shelf.get(kind, id)?.rev !== record.rev) shelf.put(record)
  }
}

async function readRefs(site: Site, refs: readonly Ref[]): Promise<readonly (AnyRecord | undefined)[]> {
  const records: (AnyRecord | undefined)[] = []
  for (let from = 0; from < refs.length; from += BATCH) {
    const chunk = refs.slice(from, from + BATCH)
    const replies = await pipelined(site, (pipeline) => {
      for (const { kind, id } of chunk) pipeline.hmget(site.keys.record(kind, id), ...RECORD_FIELDS)
    })
    for (const [i, { kind, id }] of chunk.entries()) records.push(decodeKnown(kind, id, texts(replies[i])))
  }
  return records
}
