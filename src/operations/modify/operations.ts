/** Changing what a machine is, not whether it runs: part of `Operations`. */
import type { ComputeId } from '../../model/ids'
import type { ComputeRecord, OptionsChange } from '../../model/records'
import type { VolumeType } from '../../model/storage'
import type { Caller } from '../context'

interface OneMachine {
  readonly id: ComputeId
  readonly dryRun?: boolean
}

/** What is left out of one's own sizes stays as it is. */
export type NewSize =
  | { readonly type: string }
  | { readonly type?: undefined; readonly cores?: number; readonly memoryMiB?: number }

export interface ModifyOperations {
  /** In every state but deleted. All or nothing; duplicates count once. */
  setOptions(
    caller: Caller,
    change: {
      readonly ids: readonly ComputeId[]
      readonly options: OptionsChange
      readonly dryRun?: boolean
    },
  ): Promise<readonly ComputeRecord[]>
  /** base64; '' for none. 'state' unless it is off. */
  setUserData(caller: Caller, change: OneMachine & { readonly userData: string }): Promise<ComputeRecord>
  /** Another instance type, or sizes of its owner's own. 'state' unless it is off, 'quota', 'no-capacity' where its host has no room: nothing changes then. */
  resizeCompute(caller: Caller, change: OneMachine & NewSize): Promise<ComputeRecord>
  /** One of its interfaces, by its `eni-…`. In every state but deleted. */
  setInterface(
    caller: Caller,
    change: OneMachine & { readonly interface: string; readonly description: string },
  ): Promise<ComputeRecord>
  /** A disk of its own by its name: larger, never smaller; EC2's attributes of its volume. */
  changeDisk(
    caller: Caller,
    change: OneMachine & {
      readonly disk: string
      readonly sizeGiB?: number
      readonly volumeType?: VolumeType
      readonly autoEnableIo?: boolean
    },
  ): Promise<ComputeRecord>
}
