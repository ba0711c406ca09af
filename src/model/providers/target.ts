/** What a provider's driver is given: whom to call as what, and what to order there. */
import type { Origin } from '../federation'
import type { ProviderLimits, ProviderType } from './record'
import type { Section } from './template'

export interface ProviderTarget {
  readonly region: string
  /** Opened only when called, so that neither a log nor a job ever holds it. Fault: 'unavailable'. */
  readonly credentials: () => { readonly account: string; readonly secret: string }
  /** The driver's own, named in SETTINGS. */
  readonly settings: Readonly<Record<string, string>>
  /** What orders may name beside; absent: nothing. */
  readonly allowed?: Readonly<Record<string, readonly string[]>>
  readonly types: readonly ProviderType[]
  readonly limits: ProviderLimits
  /** Of the types' prices, as EUR; absent: nobody asks for it. */
  readonly currency?: string
  /** The id of our image's record to the provider's own id. */
  readonly images: Readonly<Record<string, string>>
}

/** What of a machine its provider is told. */
export interface ProviderOrder {
  /** Chosen by placement: the cheapest that fits. */
  readonly type: ProviderType
  /** The provider's own id of it. */
  readonly image: string
  readonly hostname: string | null
  /** One line in OpenSSH's form. */
  readonly publicKey: string | null
  /** base64; secret: never logged. */
  readonly userData: string | null
  /** Its owner may want its memory kept when it is stopped: it is to be launched so, where the provider knows that. */
  readonly hibernates?: true
  /** What its owner's section says instead of the settings, as far as the operator allows it; absent: nothing. */
  readonly section?: Section
  /** Where the order comes from, before this site: told to partners of our own kind. Absent: it is told to nobody. */
  readonly origin?: Origin
}

/** An object that bears the mark of a machine which another object is: its driver says which, the same for whoever looks. */
export interface Surplus {
  /** `i-…` of ours. */
  readonly machine: string
  /** The provider's own id. */
  readonly object: string
}
