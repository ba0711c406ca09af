/**
 * When uses began and ended by the books of the gateway that lends, taken over by whoever reconciled with it (model/accounts/reconcile.ts).
 * What a script counted stays as it was written; these times stand in the place of its own whenever it is told.
 */
import type { Use } from '../model/accounts'
import { monthOf } from '../model/providers/money'
import { pipelined } from './read'
import { texts } from './reply'
import { listed, loadScript, runScript, type Site } from './script'
import type { SettledTime, SettledUses } from './used'

const script = loadScript('settle-uses')
/** Uses, or times, in one round trip. */
const CHUNK = 1000

const fieldOf = ({ id, from }: SettledTime['use'], end: SettledTime['end']): string => `${id} ${from} ${end}`

export const openSettled = (site: Site): SettledUses => ({
  revision: async () => Number((await site.link.run((redis) => redis.hget(site.keys.root, 'settled'))) ?? 0),
  async keep(times) {
    for (let from = 0; from < times.length; from += CHUNK) {
      const some = times.slice(from, from + CHUNK)
      const args = listed(some, ({ use, end, at }) => [monthOf(use.from), fieldOf(use, end), at])
      await runScript(site, script, args)
    }
  },
  async told(uses) {
    // What is on hosts of the site's own has no lender.
    const lent = uses.filter(({ offer }) => offer !== undefined)
    const known = new Map<string, number>()
    for (let at = 0; at < lent.length; at += CHUNK) await lookUp(site, lent.slice(at, at + CHUNK), known)
    return known.size === 0 ? uses : uses.map((use) => withTimes(use, known))
  },
})

async function lookUp(site: Site, uses: readonly Use[], known: Map<string, number>): Promise<void> {
  const asked = [...fieldsByMonth(uses)]
  const replies = await pipelined(site, (pipeline) => {
    for (const [month, fields] of asked) pipeline.hmget(site.keys.settled(month), ...fields)
  })
  asked.forEach(([, fields], nth) => {
    texts(replies[nth]).forEach((at, n) => {
      if (at !== null) known.set(fields[n] ?? '', Number(at))
    })
  })
}

function fieldsByMonth(uses: readonly Use[]): ReadonlyMap<string, readonly string[]> {
  const months = new Map<string, string[]>()
  for (const use of uses) {
    const month = monthOf(use.from)
    const fields = months.get(month) ?? []
    fields.push(fieldOf(use, 'from'), fieldOf(use, 'until'))
    months.set(month, fields)
  }
  return months
}

/** An end is taken over only of what has ended here too. */
function withTimes(use: Use, known: ReadonlyMap<string, number>): Use {
  const from = known.get(fieldOf(use, 'from')) ?? use.from
  const until = use.until === null ? null : (known.get(fieldOf(use, 'until')) ?? use.until)
  return from === use.from && until === use.until ? use : { ...use, from, until }
}
