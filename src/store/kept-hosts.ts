/**
 * Hosts and what is claimed on them, as a worker keeps them from one placement to the next: a site has thousands of hosts, few of
 * which changed since. What did not change is the same object as before.
 *
 * Asked of Redis each time is what tells whether anything changed: the version of a record, the revision of a host's claims. It is
 * asked before what it tells of is read, so what is kept may be newer than its mark, never older; then it is read once more. Marks
 * are compared within one connection only: behind another one there may be a server that was put back to an earlier state.
 */
import type { HostRecord } from '../model/records'
import { hostClaims, readRecords } from './read'
import { text, texts } from './reply'
import { listed, loadScript, runScript, type Site } from './script'
import type { HostClaims, KeptHosts } from './store'

/** Claims that a script added to those of a host, which had this revision until then and has the next one since. */
export type ClaimsWritten = HostClaims

export interface KeptByUs extends KeptHosts {
  /** A script that compared these revisions wrote this: what is kept at them need not be read again. */
  wrote(written: readonly ClaimsWritten[]): void
}

const script = loadScript('versions')

/** So many records are asked about by one script: a few ms of Redis' time. */
const CHUNK = 2_000

/** Of one site. Faults of both: 'unavailable'. */
export function openKeptHosts(site: Site): KeptByUs {
  let connection = site.link.connections
  let records = new Map<string, { readonly version: string; readonly record: HostRecord }>()
  let claims = new Map<string, HostClaims>()

  const sameConnection = (): void => {
    if (connection === site.link.connections) return
    connection = site.link.connections
    records = new Map()
    claims = new Map()
  }

  return {
    async hosts() {
      const ids = await site.link.run((redis) => redis.smembers(site.keys.ids('host')))
      const versions = await versionsOf(site, ids)
      sameConnection()
      // Another call may change what is kept meanwhile.
      const before = records
      const changed = new Set(ids.filter((id, at) => before.get(id)?.version !== versions[at]))
      const read = await readRecords(site, 'host', [...changed])
      const anew = new Map(read.flatMap((record) => (record ? [[record.id as string, record] as const] : [])))
      const now: typeof records = new Map()
      for (const [at, id] of ids.entries()) {
        // One that ended meanwhile is no more.
        const record = changed.has(id) ? anew.get(id) : before.get(id)?.record
        if (record) now.set(id, { version: versions[at] ?? '', record })
      }
      records = now
      return [...now.values()].map(({ record }) => record)
    },
    async claims(hosts) {
      const revisions = await revisionsOf(site, hosts)
      sameConnection()
      const before = claims
      const changed = hosts.filter((host, at) => before.get(host)?.revision !== revisions[at])
      const anew = new Map((await hostClaims(site, changed)).map((held) => [held.host, held] as const))
      const now = hosts.flatMap((host) => anew.get(host) ?? before.get(host) ?? [])
      claims = new Map(now.map((held) => [held.host, held]))
      return now
    },
    wrote(written) {
      sameConnection()
      for (const { host, revision, claims: added } of written) {
        const held = claims.get(host)
        // At the revision that the script found: nothing newer can have been kept at it.
        if (held?.revision === revision)
          claims.set(host, { host, revision: revision + 1, claims: { ...held.claims, ...added } })
      }
    },
  }
}

async function versionsOf(site: Site, ids: readonly string[]): Promise<readonly string[]> {
  const versions: string[] = []
  for (let from = 0; from < ids.length; from += CHUNK) {
    const args = ['host', ...listed(ids.slice(from, from + CHUNK), (id) => [id])]
    versions.push(...text(await runScript(site, script, args)).split('\n'))
  }
  return versions
}

async function revisionsOf(site: Site, hosts: readonly string[]): Promise<readonly number[]> {
  if (hosts.length === 0) return []
  const found = texts(await site.link.run((redis) => redis.hmget(site.keys.claimRevisions, ...hosts)))
  return found.map((revision) => Number(revision ?? 0))
}
