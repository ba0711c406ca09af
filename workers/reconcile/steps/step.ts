/**
 * A rung of the ladder: `up` and `down`, both repeatable. Create walks up, delete and failure walk down.
 *
 * A step is asked what it lacks and what it leaves, in the light of one sighting; it is up when it lacks nothing. The item it
 * answers (a disk's name, how to stop) is what its next effect is about.
 */
import type { MachineSighting } from '../../../src/model/machine'
import type { ComputeRecord, ImageRecord, NetworkRecord, SealedText } from '../../../src/model/records'
import type { StepName } from '../../../src/model/step-names'
import type { Driver, Effect, EffectTicket, HostTarget } from '../../drivers/driver'

/** A machine that is not defined: 'off' while disks of it are there, else 'absent' (model/machine.ts). */
export const undefinedMachine = (machine: MachineSighting): MachineSighting =>
  machine.id === null ? { ...machine, domain: machine.disks.length > 0 ? 'off' : 'absent' } : machine

/** One effect on one machine: what a step needs for it. */
export interface StepCall {
  readonly driver: Driver
  readonly host: HostTarget
  readonly ticket: EffectTicket
  readonly record: ComputeRecord
  readonly site: string
  readonly item: string
  readonly image: (id: string) => Promise<ImageRecord | undefined>
  readonly network: (id: string) => Promise<NetworkRecord | undefined>
  /** Opens what lies sealed in the record of that id. 'unavailable' for a worker that has not the key. */
  readonly unseal: (recordId: string, sealed: SealedText) => string
}

export interface Step {
  readonly name: StepName
  /** What is missing until it is up; undefined: it is up. */
  lacks(record: ComputeRecord, machine: MachineSighting): string | undefined
  /** What is left until it is down; undefined: it is down. */
  leaves(record: ComputeRecord, machine: MachineSighting): string | undefined
  up(call: StepCall): Promise<Effect>
  down(call: StepCall): Promise<Effect>
  /** What a look would show once the effect is done. */
  after(machine: MachineSighting, direction: 'up' | 'down', record: ComputeRecord, item: string): MachineSighting
}
