/** What `Store.transfer` is asked for: part of `Store`. */

/** A placement group as it was read, with no machine of it that began to claim anything since. */
export interface ReadGroup {
  readonly group: string
  readonly revision: number
}

/**
 * What a machine's move writes of places and claims, all or nothing, by the machine's claim. It raises the generation, so that
 * whoever decided on the former place (a volume to be attached there) decides again.
 */
export interface Transfer {
  /** Compared where it is given: an order that was changed meanwhile stops it. */
  readonly generation?: number
  /** Compared where it is given: placement wrote another place since it was read. */
  readonly phase?: number
  readonly place: unknown
  readonly seen: unknown
  readonly journal: unknown
  /** Claims that begin; refused when that host's claims changed since they were read. */
  readonly take?: {
    readonly host: string
    readonly revision: number
    readonly claims: readonly { readonly id: string; readonly claim: string }[]
    /** The machine's; refused when another machine of it began to claim anything since it was read. */
    readonly group?: ReadGroup
  }
  /** Claims that end. */
  readonly leave?: { readonly host: string; readonly ids: readonly string[] }
  /** Volumes that went along, with their places. */
  readonly volumes?: readonly { readonly id: string; readonly place: unknown }[]
  /** What its former place says that it is counted as ends (`place.use`). */
  readonly endsUse?: true
  /** Whether placement is to look at it from now on; left out: as before. */
  readonly waits?: boolean
  readonly what: string
}
