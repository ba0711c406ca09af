/** What an owner may choose of a machine, in any state. Left out of a wish: the usual ones. */

/** How a guest may ask about itself (EC2 MetadataOptions). Kept and shown: no metadata service is served here, guests read their seed disk. */
export interface MetadataOptions {
  readonly endpoint: 'enabled' | 'disabled'
  readonly tokens: 'optional' | 'required'
  /** 1..64 */
  readonly hopLimit: number
  readonly tags: 'enabled' | 'disabled'
  readonly ipv6: 'enabled' | 'disabled'
}

/** What an owner may set on a machine in any state, beside its power. */
export interface ComputeOptions {
  /** Deleting it is refused until this is lifted (EC2 disableApiTermination). */
  readonly isProtected: boolean
  /** What becomes of it when its guest stops by itself. */
  readonly onShutdown: 'stop' | 'terminate'
  /** Kept and shown: the gateway measures all machines alike. */
  readonly monitoring: boolean
  /** Started again elsewhere when its host is given up and its disks can be reached there (EC2 AutoRecovery, OCCI mixin restartable). */
  readonly restartable: boolean
  /** Its memory may be kept when it is stopped (EC2 HibernationOptions); said when it is ordered, never changed. */
  readonly hibernates: boolean
  readonly metadata: MetadataOptions
}
export const USUAL_OPTIONS: ComputeOptions = {
  isProtected: false,
  onShutdown: 'stop',
  monitoring: false,
  restartable: false,
  hibernates: false,
  metadata: { endpoint: 'enabled', tokens: 'optional', hopLimit: 1, tags: 'disabled', ipv6: 'disabled' },
}

/** The options in force. */
export const optionsOf = ({ options }: { readonly options?: Partial<ComputeOptions> }): ComputeOptions => ({
  ...USUAL_OPTIONS,
  ...options,
})

/** What a change of options says: what is left out stays. */
export type OptionsChange = Partial<Omit<ComputeOptions, 'metadata'>> & { readonly metadata?: Partial<MetadataOptions> }

/** The options after a change. */
export const changedOptions = (before: ComputeOptions, change: OptionsChange): ComputeOptions => ({
  ...before,
  ...change,
  metadata: { ...before.metadata, ...change.metadata },
})
