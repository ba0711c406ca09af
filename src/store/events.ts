/** Events: what changed, who did it, and the revisions that tell a mirror whether it has seen it. */
import type { Kind, Ref } from '../model/ids'
import { KINDS } from '../model/ids'
import { pipelined } from './read'
import { pairs, strings, unexpected } from './reply'
import { loadScript, runScript, type Site } from './script'
import type { SiteEvent } from './store'

const trimScript = loadScript('trim-events')

/** Entries of XRANGE, XREVRANGE or of one stream of XREAD. */
export const decodeEvents = (reply: unknown): readonly SiteEvent[] => {
  if (!Array.isArray(reply)) throw unexpected(reply)
  return reply.map(decodeEvent)
}

function decodeEvent(entry: unknown): SiteEvent {
  if (!Array.isArray(entry) || typeof entry[0] !== 'string') throw unexpected(entry)
  const fields = new Map(pairs(strings(entry[1])))
  const field = (name: string): string => fields.get(name) ?? ''
  return {
    streamId: entry[0],
    number: Number(field('number')),
    at: Number(field('at')),
    what: field('what'),
    actor: { user: field('user'), key: field('key'), source: field('source'), requestId: field('request') },
    refs: decodeRefs(field('refs')),
    revisions: Object.fromEntries(pairs(field('revisions').split(' ')).map(([scope, rev]) => [scope, Number(rev)])),
  }
}

/** `kind id rev gone` again and again; kinds that this program does not know are left out. */
function decodeRefs(text: string): SiteEvent['refs'] {
  const words = text.split(' ')
  const refs: SiteEvent['refs'][number][] = []
  for (let i = 0; i + 3 < words.length; i += 4) {
    const kind = KINDS.find((known): known is Kind => known === words[i])
    if (kind) refs.push({ kind, id: words[i + 1] ?? '', rev: Number(words[i + 2]), gone: words[i + 3] === '1' })
  }
  return refs
}

/** Events after a stream id ('0': from the oldest), oldest first. */
export const eventsAfter = async (site: Site, streamId: string, limit: number): Promise<readonly SiteEvent[]> =>
  decodeEvents(await site.link.run((redis) => redis.xrange(site.keys.events, `(${streamId}`, '+', 'COUNT', limit)))

/** Newest first; what was trimmed from the stream is left out. */
export async function history(site: Site, ref: Ref, limit: number): Promise<readonly SiteEvent[]> {
  if (limit < 1) return []
  const ids = await site.link.run((redis) => redis.lrange(site.keys.history(ref), 0, limit - 1))
  const replies = await pipelined(site, (pipeline) => {
    for (const id of ids) pipeline.xrange(site.keys.events, id, id)
  })
  return replies.flatMap(decodeEvents)
}

/** Drops events up to and with that id, keeping at least the newest `keep`. */
export async function trimEvents(site: Site, upTo: string, keep: number): Promise<void> {
  await runScript(site, trimScript, [upTo, keep])
}
