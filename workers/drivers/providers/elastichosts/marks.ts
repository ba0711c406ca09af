/**
 * How our objects are known in an account that others may use too. Servers and drives bear `user:` keys; an address has none, and is
 * known by its name. What the driver has to remember between two calls lies there as well, so that any worker can go on with it.
 *
 *   user:vm      i-… of ours                user:role     what a drive is: `root` or `seed`
 *   user:site    the site                   user:copy     how far its contents are (copy.ts)
 *   user:record  id of the machine's record user:restart  a restart that is under way (restart.ts)
 *   user:type    the operator's name for what was ordered
 *   user:epoch   the claim that made it     user:button   the shutdown that was asked for last (power.ts)
 */
import { type Epoch, formatEpoch, NO_EPOCH, parseEpoch } from '../../../../src/model/epoch'
import type { Configuration } from './api/format'
import type { Properties } from './api/properties'

export interface Mark {
  readonly machine: string
  readonly record: string | null
  readonly epoch: Epoch
}

/** What an object is made with. */
export const marksOf = (site: string, machine: string, epoch: Epoch): Configuration => ({
  'user:vm': machine,
  'user:site': site,
  'user:epoch': formatEpoch(epoch),
})

/** Undefined: it is none of this site's. */
export function markIn(marks: Properties, site: string): Mark | undefined {
  const machine = marks.get('vm') ?? ''
  if (machine === '' || marks.get('site') !== site) return undefined
  return { machine, record: marks.get('record') || null, epoch: parseEpoch(marks.get('epoch') ?? '') ?? NO_EPOCH }
}

/** What a person sees in the provider's own list. */
export const nameOf = (site: string, machine: string): string => `og-${site}-${machine}`

/** The machine of an address by its name; undefined: it is none of this site's. */
export function machineIn(name: string, site: string): string | undefined {
  const prefix = nameOf(site, '')
  const machine = name.startsWith(prefix) ? name.slice(prefix.length) : ''
  return /^i-[0-9a-f]+$/.test(machine) ? machine : undefined
}
