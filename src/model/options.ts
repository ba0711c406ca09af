/** What an owner may choose of a machine, in any state. Left out of a wish: the usual ones. */

/** What an owner may set on a machine in any state, beside its power. */
export interface ComputeOptions {
  /** Deleting it is refused until this is lifted (EC2 disableApiTermination). */
  readonly isProtected: boolean
  /** What becomes of it when its guest stops by itself. */
  readonly onShutdown: 'stop' | 'terminate'
  /** Kept and shown: the gateway measures all machines alike. */
  readonly monitoring: boolean
  /** It may be started on another host when its own is known to be dead, if all its disks can be reached there. */
  readonly restartable?: boolean
}
export const USUAL_OPTIONS: ComputeOptions = {
  isProtected: false,
  onShutdown: 'stop',
  monitoring: false,
}

/** The options in force. */
export const optionsOf = ({ options }: { readonly options?: Partial<ComputeOptions> }): ComputeOptions => ({
  ...USUAL_OPTIONS,
  ...options,
})
