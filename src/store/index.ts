/**
 * Opens the store of one site.
 *
 * A reply can be lost although its script ran. Every script may therefore run twice: wishes know their operation id,
 * observations their write's id; claims, intents, sightings, places and settling compare epochs and revisions, so a second
 * run finds its own trace and is refused or does the same; a second sweep, wake or cursor step costs a look, not a truth.
 */

import { change } from './change'
import { claim } from './claim'
import { openLink, type RedisAddress } from './connect'
import { openCursors } from './cursors'
import { eventsAfter, history, trimEvents } from './events'
import { forget } from './forget'
import { giveUpHost } from './give-up-host'
import { intend } from './intend'
import { openKeptHosts } from './kept-hosts'
import { keysOf } from './keys'
import { lodge } from './lodge'
import { observe } from './observe'
import { openSite } from './open'
import { place } from './place'
import {
  advance,
  agendaSize,
  backlog,
  counters,
  groupRevisions,
  hostClaims,
  readAll,
  readRecord,
  readRecords,
  resolve,
  waiting,
} from './read'
import type { Site } from './script'
import { settle } from './settle'
import { openSettled } from './settled'
import { sight } from './sight'
import type { Store } from './store'
import { sweep } from './sweep'
import { transfer } from './transfer'
import { keepUsage, readPoints, readUsage } from './usage'
import { useOnce } from './use-once'
import { readFlows, readUsed } from './used'
import { wake } from './wake'

export interface StoreOptions {
  readonly site: string
  readonly redis: RedisAddress
  /** How long a command waits for Redis before it is 'unavailable'; default 5 s. */
  readonly timeoutMs?: number
}

/** Connects in the background; `open` is the first call. 'invalid' for a site name that cannot stand in keys. */
export function openStore(options: StoreOptions): Store {
  const keys = keysOf(options.site)
  const link = openLink(options.redis, `store:${options.site}`, options.timeoutMs)
  const site: Site = { keys, link }
  const drawAhead = openCursors((cursor, by) => advance(site, cursor, by))
  return {
    site: options.site,
    open: (now) => openSite(site, now),
    change: (asked, now) => change(site, asked, now),
    read: (kind, id) => readRecord(site, kind, id),
    readMany: (kind, ids) => readRecords(site, kind, ids),
    readAll: (kind) => readAll(site, kind),
    resolve: (hash, fields) => resolve(site, hash, fields),
    advance: (cursor, by, ahead = 0) => (ahead > 0 ? drawAhead(cursor, by, ahead) : advance(site, cursor, by)),
    counters: (project) => counters(site, project),
    claim: (kind, id, now, above) => claim(site, kind, id, now, above),
    intend: (held, journal, now) => intend(site, held, journal, now),
    observe: (held, observation, now) => observe(site, held, observation, now),
    settle: (held, next, now) => settle(site, held, next, now),
    forget: (held, releases, now) => forget(site, held, releases, now),
    sweep: (now, limit) => sweep(site, now, limit),
    wake: (refs, now) => wake(site, refs, now),
    agendaSize: () => agendaSize(site),
    backlog: (now) => backlog(site, now),
    keepUsage: (host, former, window, points, flows) => keepUsage(site, host, former, window, points, flows),
    readUsage: (hosts, what) => readUsage(site, hosts, what),
    usagePoints: (subject, window, now) => readPoints(site, subject, window, now),
    useOnce: (what, n, knownForMs) => useOnce(site, what, n, knownForMs),
    sight: (findings, now) => sight(site, findings, now),
    waiting: (limit) => waiting(site, limit),
    hostClaims: (hosts) => hostClaims(site, hosts),
    kept: openKeptHosts(site),
    groupRevisions: (groups) => groupRevisions(site, groups),
    place: (held, hosts, placings, now, groups, freed) => place(site, held, hosts, placings, now, groups, freed),
    lodge: (held, on, where, now) => lodge(site, held, on, where, now),
    giveUpHost: (held, seen, what, now) => giveUpHost(site, held, seen, what, now),
    transfer: (held, moved, now) => transfer(site, held, moved, now),
    used: (month, after, limit) => readUsed(site, month, { after, limit }),
    flows: (month) => readFlows(site, month),
    settled: openSettled(site),
    history: (ref, limit) => history(site, ref, limit),
    eventsAfter: (streamId, limit) => eventsAfter(site, streamId, limit),
    trimEvents: (upTo, keep) => trimEvents(site, upTo, keep),
    ping: async () => void (await link.run((redis) => redis.ping())),
    close: () => link.close(),
  }
}
