import type { StepName } from '../../../src/model/records'
import { define } from './define'
import { disk } from './disk'
import { network } from './network'
import { power } from './power'
import { reboot, reset } from './restart'
import type { Step } from './step'
import { suspend } from './suspend'

/** What makes a machine ready to be powered, bottom first. */
export const GROUNDWORK: readonly Step[] = [disk, network, define]

/** The whole ladder, bottom first: delete walks it from the top. */
export const LADDER: readonly Step[] = [...GROUNDWORK, power]

/** Every step by name; volumes are attached by a later one. */
export const STEPS: Readonly<Record<Exclude<StepName, 'attach'>, Step>> = {
  disk,
  network,
  define,
  power,
  suspend,
  reboot,
  reset,
}
export type KnownStep = keyof typeof STEPS
