import type { MachineSighting } from '../../../src/model/machine'
import type { StepName } from '../../../src/model/step-names'
import { adopt } from './adopt'
import { attach } from './attach'
import { connect } from './connect'
import { define } from './define'
import { disk } from './disk'
import { mark } from './mark'
import { network } from './network'
import { power } from './power'
import { publish } from './publish'
import { resize } from './resize'
import { reboot, reset } from './restart'
import { rules } from './rules'
import type { Step } from './step'
import { suspend } from './suspend'

/** What makes a machine ready to be powered, bottom first. */
const GROUNDWORK: readonly Step[] = [adopt, disk, network, define, mark]

/** The whole ladder, bottom first: delete walks it from the top. */
export const LADDER: readonly Step[] = [disk, network, define, publish, attach, power]

/** At a provider one rung makes and ends all of a machine. */
const WHOLE: readonly Step[] = [define]

export const groundworkOf = ({ whole }: MachineSighting): readonly Step[] => (whole ? WHOLE : GROUNDWORK)
export const ladderOf = ({ whole }: MachineSighting): readonly Step[] => (whole ? WHOLE : LADDER)

/** Every step by name. */
export const STEPS: Readonly<Record<KnownStep, Step>> = {
  adopt,
  attach,
  connect,
  disk,
  network,
  define,
  mark,
  rules,
  publish,
  power,
  suspend,
  reboot,
  reset,
  resize,
}
/** Moving is none of a ladder: it concerns two hosts (move/). */
export type KnownStep = Exclude<StepName, 'move'>
