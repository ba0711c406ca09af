/** Plain reads: no script, no change. */
import type { ChainableCommander } from 'ioredis'
import { fault } from '../faults'
import type { Kind, ProjectId } from '../model/ids'
import type { RecordOf } from '../model/records'
import { decodeLines, decodeRecord, RECORD_FIELDS } from './record'
import { integer, pairs, strings, texts } from './reply'
import { listed, loadScript, runScript, type Site } from './script'
import type { HostClaims, Store } from './store'

const records = loadScript('records')

/** So many records in one round trip: some ms on both sides. */
const CHUNK = 500

/** One record, or undefined. 'unsupported' when a newer program wrote it. */
export async function readRecord<K extends Kind>(site: Site, kind: K, id: string): Promise<RecordOf[K] | undefined> {
  const reply = await site.link.run((redis) => redis.hmget(site.keys.record(kind, id), ...RECORD_FIELDS))
  return decodeRecord(kind, id, reply)
}

/** In the order asked; undefined for those that are not there, and for those that a newer program wrote. */
export async function readRecords<K extends Kind>(
  site: Site,
  kind: K,
  ids: readonly string[],
): Promise<readonly (RecordOf[K] | undefined)[]> {
  const found: (RecordOf[K] | undefined)[] = []
  const asked = (from: number): Promise<readonly string[]> => {
    const replies = runScript(site, records, [kind, ...listed(ids.slice(from, from + CHUNK), (id) => [id])]).then(
      strings,
    )
    // Waited for after the one before it, which may fail first.
    replies.catch(() => undefined)
    return replies
  }
  let next = ids.length === 0 ? undefined : asked(0)
  for (let from = 0; next !== undefined; from += CHUNK) {
    const replies = await next
    // Redis reads these while those are decoded.
    next = from + CHUNK < ids.length ? asked(from + CHUNK) : undefined
    for (const [i, reply] of replies.entries()) found.push(decodeLines(kind, ids[from + i] ?? '', reply))
  }
  return found
}

/** All of a kind, in no order. */
export async function readAll<K extends Kind>(site: Site, kind: K): Promise<readonly RecordOf[K][]> {
  const ids = await site.link.run((redis) => redis.smembers(site.keys.ids(kind)))
  const records = await readRecords(site, kind, ids)
  // One that ended between the two reads is no more.
  return records.filter((record) => record !== undefined)
}

/** What names were taken for. */
export async function resolve(
  site: Site,
  hash: string,
  fields: readonly string[],
): Promise<readonly (string | undefined)[]> {
  if (fields.length === 0) return []
  const reply = await site.link.run((redis) => redis.hmget(site.keys.taken(hash), ...fields))
  return reply.map((value) => value ?? undefined)
}

/** Moves a cursor on and gives where it stood. Run twice it only skips something. */
export async function advance(site: Site, cursor: string, by: number): Promise<number> {
  return integer(await site.link.run((redis) => redis.hincrby(site.keys.cursors, cursor, by))) - by
}

export async function counters(site: Site, project: ProjectId): Promise<Readonly<Record<string, number>>> {
  const reply = await site.link.run((redis) => redis.hgetall(site.keys.counters(project)))
  return Object.fromEntries(Object.entries(reply).map(([name, value]) => [name, Number(value)]))
}

export const agendaSize = async (site: Site): Promise<number> =>
  integer(await site.link.run((redis) => redis.zcard(site.keys.agenda)))

/** How much is to be done. */
export async function backlog(site: Site, now: number): Promise<Awaited<ReturnType<Store['backlog']>>> {
  const replies = await pipelined(site, (pipeline) => {
    pipeline.zcard(site.keys.agenda)
    pipeline.zcount(site.keys.agenda, '-inf', now)
    pipeline.zcard(site.keys.waiting)
  })
  const [entries = 0, due = 0, waiters = 0] = replies.map(integer)
  return { entries, due, waiting: waiters }
}

/** Ids of computes that wait for a place, oldest first. */
export const waiting = async (site: Site, limit: number): Promise<readonly string[]> =>
  limit < 1 ? [] : strings(await site.link.run((redis) => redis.zrange(site.keys.waiting, 0, String(limit - 1))))

/** What is claimed on each host, with the revision to name when placing there. */
export async function hostClaims(site: Site, hosts: readonly string[]): Promise<readonly HostClaims[]> {
  if (hosts.length === 0) return []
  // Revisions first: claims that change in between make `place` refuse, never overbook.
  const replies = await pipelined(site, (pipeline) => {
    pipeline.hmget(site.keys.claimRevisions, ...hosts)
    for (const host of hosts) pipeline.hgetall(site.keys.claims(host))
  })
  const revisions = texts(replies[0])
  return hosts.map((host, i) => ({
    host,
    revision: Number(revisions[i] ?? 0),
    claims: Object.fromEntries(fieldsOf(replies[i + 1])),
  }))
}

/** How often machines of placement groups began to claim anything. */
export async function groupRevisions(site: Site, groups: readonly string[]): Promise<readonly number[]> {
  if (groups.length === 0) return []
  const fields = groups.map((group) => `group:${group}`)
  const found = texts(await site.link.run((redis) => redis.hmget(site.keys.claimRevisions, ...fields)))
  return groups.map((_, at) => Number(found[at] ?? 0))
}

/** HGETALL in a pipeline answers an object or, by protocol version, a flat array. */
const fieldsOf = (reply: unknown): readonly (readonly [string, string])[] =>
  Array.isArray(reply) ? pairs(strings(reply)) : Object.entries(reply as Record<string, string>)

/** Runs a pipeline of reads; the first error of any of them is thrown. */
export async function pipelined(site: Site, fill: (pipeline: ChainableCommander) => void): Promise<readonly unknown[]> {
  return site.link.run(async (redis) => {
    const pipeline = redis.pipeline()
    fill(pipeline)
    const replies = await pipeline.exec()
    if (!replies) throw fault('unavailable', 'the store does not answer; try again')
    return replies.map(([error, reply]) => {
      if (error) throw error
      return reply
    })
  })
}
