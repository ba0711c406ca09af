/**
 * How our machines are known in an account that others may use too. OCCI has no tags that every server keeps, but every compute has a
 * title and a summary: the title names the site and the machine, and servers can be asked for it; the summary says the rest.
 *
 *   occi.core.title    og-<site>-i-…
 *   occi.core.summary  record=<uuid> epoch=<era>.<number> made=<ms>
 */
import { createHash } from 'node:crypto'
import { type Epoch, formatEpoch, NO_EPOCH, parseEpoch } from '../../../../src/model/epoch'

export interface Mark {
  readonly machine: string
  /** Of a server that keeps no summaries: the machine's name, for nothing else is known of it. */
  readonly record: string
  /** The claim that made it. */
  readonly epoch: Epoch
  /** ms; null: unknown. OCCI does not tell since when a machine runs. */
  readonly madeAt: number | null
}

export const titleOf = (site: string, machine: string): string => `og-${site}-${machine}`

export const summaryOf = ({ record, epoch, madeAt }: Omit<Mark, 'machine'>): string =>
  `record=${record} epoch=${formatEpoch(epoch)} made=${madeAt ?? 0}`

/** What a compute bears. */
export interface Marked {
  readonly title: string | null
  readonly summary: string | null
}

/** Undefined: it is none of this site's. */
export function markIn({ title, summary }: Marked, site: string): Mark | undefined {
  const prefix = titleOf(site, '')
  const machine = title?.startsWith(prefix) ? title.slice(prefix.length) : ''
  if (!/^i-[0-9a-z]+$/.test(machine)) return undefined
  const told = new Map((summary ?? '').split(' ').map((pair) => pair.split('=', 2) as [string, string | undefined]))
  const madeAt = Number(told.get('made') ?? 0)
  const record = told.get('record') ?? ''
  return {
    machine,
    record: /^[\w-]{1,64}$/.test(record) ? record : machine,
    epoch: parseEpoch(told.get('epoch') ?? '') ?? NO_EPOCH,
    madeAt: Number.isSafeInteger(madeAt) && madeAt > 0 ? madeAt : null,
  }
}

/**
 * The id under which a machine is put at a server that lets its clients choose: the same for the same key, so that an order which
 * arrives twice makes one machine, and another for any other (RFC 9562 §5.8).
 */
export function idFor(site: string, key: string): string {
  const hex = createHash('sha256').update(`${site} ${key}`).digest('hex')
  const variant = ((Number.parseInt(hex.slice(16, 17), 16) & 3) | 8).toString(16)
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    variant + hex.slice(17, 20),
    hex.slice(20, 32),
  ].join('-')
}
