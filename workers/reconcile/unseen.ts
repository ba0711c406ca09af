/** Which effect may follow another one in the same job, planned from what the first came to, without a look of its own. Pure. */
import { type ComputeRecord, optionsOf } from '../../src/model/records'
import type { Deed } from './plan'
import type { KnownStep } from './steps'

/** What a machine is built by. */
const BUILDING: ReadonlySet<KnownStep> = new Set(['disk', 'network', 'define', 'mark', 'rules', 'attach', 'power'])

const builds = ({ step, direction }: Deed): boolean => direction === 'up' && BUILDING.has(step)

/**
 * On the way up only, and never the same again: that the host says it is done and does not show it is for a look to find out, and
 * so is what was not true when something that followed it unseen was refused.
 * Whether a new definition is marked is not known before it was looked at, and a machine never runs unmarked whose owner counts on
 * being restarted.
 */
export const followsUnseen = ({ wish, journal }: ComputeRecord, last: Deed, next: Deed): boolean =>
  journal.doubted === undefined &&
  builds(last) &&
  builds(next) &&
  (next.step !== last.step || next.item !== last.item) &&
  !(last.step === 'define' && optionsOf(wish).restartable)
