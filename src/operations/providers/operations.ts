/** What operators do with accounts at providers: part of `Operations`. Enabling, disabling and removing one is a host's. */
import type { Alarm, ProviderPrices } from '../../model/accounts'
import type { ProviderLimits, ProviderType } from '../../model/providers/record'
import type { HostCheckRecord, HostRecord } from '../../model/records'
import type { Operator } from '../context'
import type { HostWithUse } from '../hosts'
import type { PartnerOperations } from '../partners/operations'

export type { FromPartner } from '../partners/operations'

export interface ProviderAddition {
  readonly name: string
  /** `ec2`, `elastichosts`, `occi`. */
  readonly kind: string
  /** https://…, or http://… */
  readonly endpoint: string
  readonly region: string
  /** Zone of this site that it makes up; its name where it is not said. */
  readonly zone?: string
  readonly account: string
  readonly secret: string
  readonly settings?: Readonly<Record<string, string>>
  readonly currency?: string
}

/** Only what is given changes. */
export interface ProviderChange {
  readonly account?: string
  readonly secret?: string
  /** null takes one away. */
  readonly settings?: Readonly<Record<string, string | null>>
  /** Added, or replaces the one of that name. */
  readonly type?: ProviderType
  /** Name of one that is offered no more; machines that have it keep it. */
  readonly withoutType?: string
  /** Our `ami-…` to the provider's own id; null: it is not there any more. */
  readonly images?: Readonly<Record<string, string | null>>
  readonly limits?: Partial<ProviderLimits>
  readonly latencyMs?: number | null
  readonly burstAfterMs?: number
  /** Millionths a month; null: no limit. */
  readonly budget?: number | null
  /** Percent of the budget at which it is told; null: the usual. */
  readonly alarmAt?: number | null
  /** Whether machines that run there are stopped once the budget is spent. */
  readonly stopAtBudget?: boolean
  /** Beside the types'; null: it costs nothing. */
  readonly prices?: Readonly<Partial<Record<keyof ProviderPrices, number | null>>>
}

export interface ProviderOperations extends PartnerOperations {
  /** Faults: 'invalid' naming the field, 'exists', 'unavailable'. */
  addProvider(operator: Operator, order: ProviderAddition): Promise<HostRecord>
  /** Hosts that are accounts at providers, by name. */
  listProviders(operator: Operator): Promise<readonly ListedProvider[]>
  /** Faults: 'not-found', 'invalid' naming the field, 'in-use' for a type that machines have, 'unavailable'. */
  setProvider(operator: Operator, name: string, change: ProviderChange): Promise<HostRecord>
  /** A worker asks the provider; what it found comes with `hostCheck`. Faults: 'not-found', 'unavailable'. */
  checkProvider(operator: Operator, name: string): Promise<HostCheckRecord>
}

/** With what is taken of each type, spent this month, and promised to its end (millionths). */
export interface ListedProvider {
  readonly host: HostWithUse
  readonly taken: Readonly<Record<string, number>>
  readonly month: string
  readonly spent: number
  /** The mark of the budget that was passed this month. */
  readonly alarm: Alarm | null
  readonly promised: number
  /** Of what is spent, by project's name. */
  readonly projects: Readonly<Record<string, number>>
  /** `ami-…` to the provider's id. */
  readonly images: Readonly<Record<string, string>>
}
