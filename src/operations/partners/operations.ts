/** What operators do with gateways that may order machines here: part of `Operations`. */
import type { PartnerOffer, Partnership, SignedOrigin } from '../../model/federation'
import type { ProjectRecord, Quota } from '../../model/records'
import type { Caller, Operator } from '../context'
import type { NewProject } from '../projects'
import type { PartnerUses, PartnerUsesAsked } from './uses'

export interface PartnerAddition {
  readonly name: string
  /** How much it may have at a time. */
  readonly quota: Pick<Quota, 'instances' | 'cores' | 'memoryMiB'>
  /** Seconds from now; absent: until it is revoked. */
  readonly expiresInSeconds?: number
  readonly regions?: readonly string[]
  readonly offers?: readonly PartnerOffer[]
  readonly currency?: string
  /** Whether its machines may be sent on to providers of this site; never where it is not said. */
  readonly onward?: 'never' | 'allowed'
}

export interface ListedPartner {
  readonly project: ProjectRecord
  readonly partner: Partnership
  readonly used: Readonly<Record<string, number>>
}

/** A type that a partner is offered, with what there is of it now. */
export interface OfferNow extends PartnerOffer {
  readonly currency: string
  readonly cores: number
  readonly memoryMiB: number
  /** How many the partner could have now, within its limits. */
  readonly free: number
  /** ms: until then the price is kept. */
  readonly validUntil: number
}

/** What an order of a partner's gateway says of where it came from. */
export interface FromPartner {
  readonly origin?: SignedOrigin
}

export interface PartnerOperations {
  /** A project with its limits, and a user whose password is told once. Faults: 'invalid', 'exists', 'unavailable'. */
  addPartner(operator: Operator, order: PartnerAddition): Promise<NewProject>
  /** By name. */
  listPartners(operator: Operator): Promise<readonly ListedPartner[]>
  /** From now on it orders nothing; what it has runs on until it ends it, or its project is purged. Faults: 'not-found', 'unavailable'. */
  revokePartner(operator: Operator, name: string): Promise<ListedPartner>
  /** What the caller is offered as a partner; null for whoever is none. */
  listPartnerOffers(caller: Caller): Promise<readonly OfferNow[] | null>
  /** What the caller had here in a month, a page of it; null for whoever is no partner. Faults: 'invalid' (month, after), 'unavailable'. */
  listPartnerUses(caller: Caller, asked: PartnerUsesAsked): Promise<PartnerUses | null>
}
