/**
 * An account at a public provider: a host with a price. The host's record carries it (`wish.provider`), so all that is known of hosts
 * holds: it is polled, enabled, disabled and removed like one, and placement gives it machines. What it has is what its operator
 * allows there, not what it could do.
 */
import type { ProviderPrices } from '../accounts/prices'
import type { SealedText } from '../sealed-text'

/** What providers are driven by. A kind more is a line here, its settings beside, and its driver. */
export const PROVIDER_KINDS = ['ec2', 'elastichosts', 'occi'] as const
export type ProviderKind = (typeof PROVIDER_KINDS)[number]
export const isProviderKind = (kind: string): kind is ProviderKind => PROVIDER_KINDS.some((known) => known === kind)

/** What the driver of each kind can be told beside: names of its settings, and what they mean. */
export const SETTINGS: Readonly<Record<ProviderKind, Readonly<Record<string, string>>>> = {
  ec2: {
    subnet: 'subnet-… that machines are put in',
    securityGroup: 'sg-… that filters their traffic',
    zone: 'availability zone of the provider',
    key: 'key pair of the provider, where a machine has no public key of its own',
    addresses: 'public addresses that may be leased of its account, at most',
  },
  elastichosts: {
    format: 'what is spoken with the zone: json or text',
    mhzPerCore: 'core-MHz that one core of ours is',
    vlan: 'id or name of the VLAN that machines are put in',
    address: 'public address of each machine: auto, or static for one of its own',
    nic: 'virtio, e1000 or rtl8139',
    bus: 'ide or virtio: what the root disk hangs on',
  },
  occi: {
    rendering: 'what is spoken with the server: auto, application/occi+json, text/plain or text/occi',
    auth: 'how we prove who we are: basic, or token for a bearer token',
    network: 'location of the network that machines are linked to',
    zone: 'availability zone there, by its term',
  },
}

/** Settings that are one of a few words, the usual one first. */
export const CHOICES: Readonly<Partial<Record<ProviderKind, Readonly<Record<string, readonly string[]>>>>> = {
  elastichosts: {
    format: ['json', 'text'],
    address: ['auto', 'static'],
    nic: ['virtio', 'e1000', 'rtl8139'],
    bus: ['ide', 'virtio'],
  },
  occi: {
    rendering: ['auto', 'application/occi+json', 'text/plain', 'text/occi'],
    auth: ['basic', 'token'],
  },
}

/** Core-MHz that one of our cores is at ElasticHosts; `most` is what a zone takes for one server. */
export const MHZ_PER_CORE = { least: 1, most: 20_000 } as const

/** Settings that are a whole number within bounds. */
export const WHOLE: Readonly<
  Partial<Record<ProviderKind, Readonly<Record<string, { readonly least: number; readonly most: number }>>>>
> = {
  ec2: { addresses: { least: 1, most: 10_000 } },
  elastichosts: { mhzPerCore: MHZ_PER_CORE },
}

/** A type of the provider's. */
export interface ProviderType {
  /** As the provider calls it. */
  readonly name: string
  readonly cores: number
  readonly memoryMiB: number
  /** The largest root disk; null: it does not matter. */
  readonly diskGiB: number | null
  /** For an hour, in millionths of the provider's currency. */
  readonly price: number
  /** So many at a time at most; null: as many as the limits allow. */
  readonly count: number | null
}

export interface ProviderLimits {
  /** Cores in all; null: as the types' counts say. */
  readonly cores: number | null
  readonly memoryMiB: number | null
}

export interface ProviderWish {
  readonly region: string
  /** Who we are there (access key id, user): no secret. */
  readonly account: string
  /** Secret access key, API key or password, sealed under the host's record id; never rendered, never logged. */
  readonly secret: SealedText
  readonly settings: Readonly<Record<string, string>>
  readonly types: readonly ProviderType[]
  readonly limits: ProviderLimits
  /** The id of our image's record to the provider's own id of the same image. */
  readonly images: Readonly<Record<string, string>>
  /** From the operator's users to there, ms, as the operator says; null: unknown. */
  readonly latencyMs: number | null
  /** A machine that would fit on a local host once there is room waits so long for it, ms. */
  readonly burstAfterMs: number
  /** `EUR`, `USD`: shown beside amounts. */
  readonly currency: string
  /** Millionths that may be spent in a month (UTC); null: no limit. */
  readonly budget: number | null
  /** What orders may name in their sections beside what the settings say, by key; `*`: anything. */
  readonly allowed?: Readonly<Record<string, readonly string[]>>
  /** Regions in which it keeps data; absent: its region alone. */
  readonly dataRegions?: readonly string[]
  /** How replaceable machines come home from it; absent: as HOME says. */
  readonly home?: HomeRule
  /** Beside the types' prices; absent: nothing else costs anything there. */
  readonly prices?: ProviderPrices
  /** Percent of the budget at which it is told; absent: USUAL_ALARM. */
  readonly alarmAt?: number
  /** Once the month's budget is spent, machines that run there are stopped (never ended); absent: they go on. */
  readonly stopAtBudget?: true
}

/** How machines that may be replaced come home from a provider. */
export interface HomeRule {
  /** A machine stays at least so long, ms: what went out a moment ago does not come back at once. */
  readonly afterMs: number
  /** So many in an hour at most; 0: none ever. */
  readonly perHour: number
}

export const HOME: HomeRule = { afterMs: 10 * 60_000, perHour: 10 }

/** Where its data lies. */
export const regionsOf = ({ region, dataRegions }: Pick<ProviderWish, 'region' | 'dataRegions'>): readonly string[] =>
  dataRegions ?? [region]
