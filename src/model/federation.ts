/**
 * Gateways that lend each other machines. A partner is a project with an account and limits here; what it may do beside is written in the
 * project's record. Each order of its gateway's says where it came from: which machine it is at home (`order`), through which sites it went
 * (`path`), whose it is there (`project`, a word that means something to that gateway only), signed with a key that both sides made of the
 * account's password when it was told. Who strips all that is a plain account of ours, and an account of a partner goes no further. Pure.
 */
import { type Fault, fault } from '../faults'
import type { Size } from './machine'
import type { SealedText } from './sealed-text'

export interface PartnerOffer {
  /** An instance type of ours. */
  readonly type: string
  /** For an hour, in millionths of the currency. */
  readonly price: number
}

export interface Partnership {
  /** What its orders are signed with, sealed under the project's id; never rendered, never logged. */
  readonly key: SealedText
  /** ms; null: until it is revoked. */
  readonly expiresAt: number | null
  /** When its operator ended it; null: it was not. */
  readonly revokedAt: number | null
  /** Regions that its machines may run in; none: any. */
  readonly regions: readonly string[]
  /** What it may order, at what price; none: every type, at none. */
  readonly offers: readonly PartnerOffer[]
  /** `EUR` */
  readonly currency: string
}

/** Where an order came from. */
export interface Origin {
  /** Record id of the machine where its owner ordered it. */
  readonly order: string
  /** Sites that it went through, its owner's first. */
  readonly path: readonly string[]
  /** Whose it is there: opaque. */
  readonly project: string
}

export interface SignedOrigin extends Origin {
  /** Hexadecimal HMAC-SHA256 of `originText`. */
  readonly signature: string
}

/** So many sites an order may go through. */
export const MOST_SITES = 4

/** Seconds that an order from elsewhere waits for a place before it is given up: whoever sent it has other places. */
export const PARTNER_WAIT_S = 20

/** What its gateway is told of a machine that has not run yet. */
export type StartTold = 'awaited' | 'given-up'

/** What the account's password is made into: HMAC-SHA256 of this under it. */
export const KEY_LABEL = 'occi-gateway federation order 1'

/** What is signed. None of its parts has a newline in it: parts that do are refused when they are read. */
export const originText = ({ order, path, project }: Origin): string => [order, project, ...path].join('\n')

/** Whether a partner may order now. Faults: 'forbidden', with the reason. */
export function refuseEnded(partner: Partnership, region: string, now: number): void {
  const refused = endedBecause(partner, region, now)
  if (refused !== undefined) throw fault('forbidden', refused, { reason: 'partner' })
}

/** Why a partner may order nothing here now; undefined: it may. */
export function endedBecause(
  { revokedAt, expiresAt, regions }: Partnership,
  region: string,
  now: number,
): string | undefined {
  if (revokedAt !== null) return 'this partnership was revoked: it takes no new orders'
  if (expiresAt !== null && now >= expiresAt) return 'this partnership has expired: it takes no new orders'
  if (regions.length > 0 && !regions.includes(region))
    return `this partnership is for ${regions.join(', ')}; the region here is ${region}`
  return undefined
}

/** Fault: 'forbidden' for a type that the partner is not offered. */
export function refuseUnoffered({ offers }: Partnership, type: string): void {
  if (offers.length === 0 || offers.some((offer) => offer.type === type)) return
  throw fault('forbidden', `this partnership offers ${offers.map((offer) => offer.type).join(', ')} only`, {
    reason: 'partner',
    field: 'type',
  })
}

/** Its disks count against no limit, so they are what type and image make them: `givenGiB`. Fault: 'forbidden'. */
export function refuseLargerDisk({ diskGiB }: Pick<Size, 'diskGiB'>, givenGiB: number): void {
  if (diskGiB <= givenGiB) return
  throw fault('forbidden', `a partner's root disk is as large as its type and image make it: ${givenGiB} GiB`, {
    reason: 'partner',
    field: 'rootGiB',
  })
}

/** A partner orders machines and nothing else: what is held without one would stand beside its limits, and be in nobody's books. Fault: 'forbidden'. */
export function refuseToPartner(partner: Partnership | undefined, what: string): void {
  if (partner === undefined) return
  throw fault('forbidden', `a partner orders machines here and nothing else: ${what}`, { reason: 'partner' })
}

/** A machine that is here, as far as loops are concerned. */
interface Served {
  readonly id: string
  readonly project: string | null
  readonly origin: Origin | undefined
}

/**
 * Why an order of `project` comes back to where it was; undefined: it does not. It is this site's own machine that was sent away, or it is
 * served for another account already. The same account's own order again is not a loop: its gateway tries once more.
 */
export function loopOf({ order, path }: Origin, project: string, served: Iterable<Served>): Fault | undefined {
  const refused = (because: string): Fault => fault('no-capacity', because, { reason: 'loop' })
  if (path.length > MOST_SITES) return refused(`this order went through ${path.length} sites already`)
  for (const one of served) {
    if (one.id === order) return refused('this order began here: it came back through a partner')
    if (one.origin?.order === order && one.project !== project)
      return refused('this order was sent on from here: it came back through a partner')
  }
  return undefined
}
