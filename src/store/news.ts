/**
 * Whether a mirror lacks anything and, where it is little, that too: one round trip, where asking for events and then for the
 * records that they name would be two more. Nearly all that lists find changed is a record or two.
 */
import type { Ref } from '../model/ids'
import type { AnyRecord } from '../model/records'
import { decodeEvents } from './events'
import { decodeKnown } from './record'
import { texts, unexpected } from './reply'
import { listed, loadScript, runScript, type Site } from './script'
import type { SiteEvent } from './store'

const script = loadScript('news')

/** More than that is left to who catches up in batches; Redis is not to be kept from others by one question. */
const MOST_EVENTS = 50
const MOST_RECORDS = 50

/** What a mirror has. */
export interface Had {
  /** Stream id of the last event applied. */
  readonly streamId: string
  /** Scope to the revision whose changes are all there. */
  readonly revisions: ReadonlyMap<string, number>
}

export interface News {
  /** Those after the mirror's last one, oldest first; there may be more. */
  readonly events: readonly SiteEvent[]
  /** A record that these events name, as it was when they were read. */
  record(ref: Ref): AnyRecord | undefined
}

export interface Asked {
  /** Of the scopes that were asked for. */
  readonly revisions: ReadonlyMap<string, number>
  /** None where the mirror has everything of these scopes, or lacks more than goes into one answer. */
  readonly news: News | undefined
}

/** Who has nothing is to read everything: no news are told then. Faults: 'unavailable'. */
export async function askForNews(site: Site, had: Had | undefined, scopes: ReadonlySet<string>): Promise<Asked> {
  const names = [...scopes]
  const none = had ? 0 : Number.MAX_SAFE_INTEGER
  const known = listed(names, (name) => [name, had?.revisions.get(name) ?? none])
  const reply = await runScript(site, script, [had?.streamId ?? '', MOST_EVENTS, MOST_RECORDS, ...known])
  if (!Array.isArray(reply)) throw unexpected(reply)
  const [found, events, records]: readonly unknown[] = reply
  const revisions = texts(found)
  return {
    revisions: new Map(names.map((name, at) => [name, Number(revisions[at] ?? 0)])),
    news: events === undefined ? undefined : { events: decodeEvents(events), record: recordsIn(records) },
  }
}

function recordsIn(reply: unknown): News['record'] {
  if (!Array.isArray(reply)) throw unexpected(reply)
  const found = new Map(
    reply.map((entry: unknown) => {
      const [kind, id, ...values] = texts(entry)
      return [`${kind}:${id}`, values] as const
    }),
  )
  return ({ kind, id }) => decodeKnown(kind, id, found.get(`${kind}:${id}`) ?? [])
}
