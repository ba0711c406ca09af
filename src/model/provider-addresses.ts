/**
 * Public addresses of a provider's: the provider gives one to its account there, and it leads to machines there alone (EC2 Elastic IP
 * address). Its record is written before the provider is asked, so that none is ever paid for that nobody knows; its own job asks for
 * it, and gives it back once its owner has.
 */
import type { Offer } from './compute-place'
import type { HostId } from './ids'

/** What its provider has of it. */
export interface AddressSeen {
  /** ms. */
  readonly at: number
  /** IPv4. */
  readonly ip: string
  /** The provider's own id. */
  readonly object: string
  /** Given back, and nothing of it is left there, ms; null: it is there, as far as anybody knows. */
  readonly goneAt: number | null
}

/** `address`: the address itself. `spare`: one more that bears its mark, since an answer was lost. */
export interface AddressIntent {
  /** `<address>/<step>/<direction>/<attempt>` */
  readonly key: string
  readonly step: 'address' | 'spare'
  readonly direction: 'up' | 'down'
  readonly attempt: number
  readonly at: number
  /** What is given back, by the provider's own id; '' on the way up. */
  readonly object: string
  readonly outcome: 'open' | 'running' | 'done' | 'failed'
}

export interface AddressJournal {
  readonly intent: AddressIntent | null
  readonly attempts: number
  /** Refusals in a row. */
  readonly failures: number
  readonly trouble: { readonly kind: string; readonly message: string; readonly at: number } | null
  /** Refused again and again, or gone there; looked at ever more seldom. */
  readonly stuck: { readonly since: number; readonly message: string } | null
}

/** It counts at its provider from then on. */
export interface AddressPlace {
  readonly host: HostId
  readonly hostName: string
  /** What an hour costs; absent: its provider takes nothing for it. */
  readonly offer?: Offer
  /** ms. */
  readonly at: number
}

export const ADDRESS_NOTHING_DONE: AddressJournal = {
  intent: null,
  attempts: 0,
  failures: 0,
  trouble: null,
  stuck: null,
}

interface Said {
  readonly ip: string
}

/** Which address it is; '' until its provider has said so. */
export const ipOf = ({ wish, seen }: { readonly wish: Said; readonly seen: Said | null }): string => seen?.ip ?? wish.ip

/** Whether somebody has it: one at a provider that was given back is on its way to be forgotten. */
export const isLeased = ({ wish }: { readonly wish: { readonly releasedAt?: number } }): boolean =>
  wish.releasedAt === undefined

/** The setting of a provider that says how many addresses its account may have. */
export const ADDRESSES = 'addresses'

interface Offering {
  readonly removing: boolean
  readonly provider?: { readonly settings: Readonly<Record<string, string>> }
}

/** How many addresses may be leased of a provider; 0: it offers none. */
export function addressesOffered({ wish }: { readonly wish: Offering }): number {
  const most = wish.removing ? undefined : wish.provider?.settings[ADDRESSES]
  return most === undefined ? 0 : Number(most)
}
