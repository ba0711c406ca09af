import type { Context } from '../context'
import { createPlacementGroup, deletePlacementGroup } from './create'
import { hostForTenant } from './host-for-tenant'
import type { PlacementGroupOperations } from './operations'
import { setPlacementGroup } from './set'

export type { PlacementGroupOperations } from './operations'

/** Bound to their contexts: wishes to one, reads to the one that shows its last known state while Redis is away. */
export const openPlacementGroups = (context: Context, reading: Context): PlacementGroupOperations => ({
  async listPlacementGroups(caller) {
    await reading.mirror.fresh(caller.project)
    return reading.mirror.list('placementgroup', caller.project)
  },
  placementGroupOf: ({ wish }) => wish.placementGroup && reading.mirror.get('placementgroup', wish.placementGroup.id),
  createPlacementGroup: (caller, order) => createPlacementGroup(context, caller, order),
  deletePlacementGroup: (caller, order) => deletePlacementGroup(context, caller, order),
  hostNamed: (name) => hostForTenant(reading, name),
  setPlacementGroup: (caller, order) => setPlacementGroup(context, caller, order),
})
