/** What a description says of where its compute is to be: the mixin `placement` of ours. What the words mean is checked by the operation. */
import { MODES, type PlacementWish } from '../../model/placement'
import { type ComputeValue, numberOf, textOf } from './compute-values'

export const PLACEMENT_ATTRIBUTES = {
  requirements: 'org.occi-gateway.placement.requirements',
  mode: 'org.occi-gateway.placement.mode',
  rank: 'org.occi-gateway.placement.rank',
  policy: 'org.occi-gateway.placement.policy',
  priority: 'org.occi-gateway.placement.priority',
} as const satisfies Readonly<Record<keyof PlacementWish, string>>

/** Undefined: nothing. */
export function placementIn(values: ReadonlyMap<string, ComputeValue>): PlacementWish | undefined {
  const text = (name: 'requirements' | 'rank' | 'policy') => textOf(values, PLACEMENT_ATTRIBUTES[name]) || undefined
  const mode = MODES.find((one) => one === textOf(values, PLACEMENT_ATTRIBUTES.mode))
  const priority = numberOf(values, PLACEMENT_ATTRIBUTES.priority)
  const [requirements, rank, policy] = [text('requirements'), text('rank'), text('policy')]
  const wish: PlacementWish = {
    ...(requirements === undefined ? {} : { requirements }),
    ...(mode === undefined ? {} : { mode }),
    ...(rank === undefined ? {} : { rank }),
    ...(policy === undefined ? {} : { policy }),
    ...(priority === undefined ? {} : { priority }),
  }
  return Object.keys(wish).length === 0 ? undefined : wish
}
