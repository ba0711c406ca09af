/**
 * What ended being counted, by the month of its end: each line was appended by the script that ended it (scripts/include/used.lua). A
 * machine's line is its former place as it was, for a script never decodes what it keeps; all others are uses as they are.
 */
import { z } from 'zod'
import type { Flow, Use } from '../model/accounts'
import { USE_KINDS, useOfPlace } from '../model/accounts'
import type { HostId } from '../model/ids'
import { strings } from './reply'
import type { Site } from './script'

/** One end of a use, by its lender's books. */
export interface SettledTime {
  /** As it was counted: its id, and when it began by our own books. */
  readonly use: Pick<Use, 'id' | 'from'>
  readonly end: 'from' | 'until'
  /** ms. */
  readonly at: number
}

/** Times that were taken over from gateways that lend (settled.ts). */
export interface SettledUses {
  /** Another one after each write. Fault: 'unavailable'. */
  revision(): Promise<number>
  /** The same uses in the same order, with their lender's times where they were taken over. Fault: 'unavailable'. */
  told(uses: readonly Use[]): Promise<readonly Use[]>
  /** The same again changes nothing. Fault: 'unavailable'. */
  keep(times: readonly SettledTime[]): Promise<void>
}

/** What the store keeps of it: part of `Store`. */
export interface UsedLists {
  /** What ended being counted in a month (`2026-11`), in the order of the ends, without the first `after`; at most `limit`. */
  used(month: string, after: number, limit: number): Promise<readonly Use[]>
  /** Bytes that machines sent and received in a month, as far as their hosts tell it. */
  flows(month: string): Promise<readonly Flow[]>
  /** What gateways that lend say of them. */
  readonly settled: SettledUses
}

const offer = z.object({ type: z.string(), price: z.number(), currency: z.string().exactOptional() })
const amounts = { type: z.string(), cores: z.number(), memoryMiB: z.number(), diskGiB: z.number() }
const where = {
  host: z.custom<HostId | null>((value) => value === null || typeof value === 'string'),
  hostName: z.string().nullable(),
  offer: offer.exactOptional(),
}
const place = z.object({
  ...where,
  zone: z.string().nullable(),
  simulated: z.boolean(),
  at: z.number(),
  use: z.object({ name: z.string(), ...amounts, since: z.number(), order: z.string().exactOptional() }).exactOptional(),
})
const machine = z.object({ kind: z.literal('machine'), id: z.string(), project: z.string(), until: z.number(), place })
const use: z.ZodType<Use> = z.object({
  kind: z.enum(USE_KINDS),
  id: z.string(),
  name: z.string(),
  project: z.string(),
  ...where,
  ...amounts,
  order: z.string().exactOptional(),
  from: z.number(),
  until: z.number().nullable(),
})

/** Without the first `after`, at most `limit`, in the order of their ends. Fault: 'unavailable'. */
export async function readUsed(
  site: Site,
  month: string,
  { after, limit }: { readonly after: number; readonly limit: number },
): Promise<readonly Use[]> {
  if (limit < 1) return []
  const key = site.keys.used(month)
  return strings(await site.link.run((redis) => redis.lrange(key, after, after + limit - 1))).map(useIn)
}

/** Of a line in a form of another release nothing is known but that it is there: it counts for nobody, and keeps its turn. */
function useIn(text: string): Use {
  const line: unknown = JSON.parse(text)
  const ended = machine.safeParse(line)
  if (ended.success) {
    const { until, place: former, ...whose } = ended.data
    const told = useOfPlace({ ...whose, place: { ...former, waiting: null } }, until)
    if (told) return told
  }
  const known = use.safeParse(line)
  return known.success ? known.data : UNKNOWN
}

const UNKNOWN: Use = {
  kind: 'machine',
  ...{ id: '', name: '', project: '', host: null, hostName: null, type: '', cores: 0, memoryMiB: 0, diskGiB: 0 },
  ...{ from: 0, until: 0 },
}

/** Fault: 'unavailable'. */
export async function readFlows(site: Site, month: string): Promise<readonly Flow[]> {
  const found = await site.link.run((redis) => redis.hgetall(site.keys.flows(month)))
  const flows = new Map<string, Flow>()
  for (const [field, bytes] of Object.entries(found)) {
    const [project = '', host = '', way] = field.split(' ')
    const known = flows.get(`${project} ${host}`) ?? { project, host, sentBytes: 0, receivedBytes: 0 }
    const next = way === 'sent' ? { sentBytes: Number(bytes) } : { receivedBytes: Number(bytes) }
    flows.set(`${project} ${host}`, { ...known, ...next })
  }
  return [...flows.values()]
}
