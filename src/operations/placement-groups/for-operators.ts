/** Placement groups as operators see them: of all projects, with where their machines are. */
import { fault } from '../../faults'
import { isUuid, type ProjectId } from '../../model/ids'
import type { PlacementGroupRecord } from '../../model/records'
import { asOwner } from '../as-owner'
import type { Context } from '../context'
import { projectNamed } from '../named'
import { freshEverywhere } from '../watch-computes'
import { createPlacementGroup, deletePlacementGroup } from './create'
import { membersOf } from './members'
import type { OperatorsGroups, PlacedGroup } from './operations'

export const openOperatorsGroups = (context: Context, reading: Context): OperatorsGroups => ({
  listAllPlacementGroups: async () => {
    await freshEverywhere(reading)
    return reading.mirror.all('placementgroup').map((record) => placed(reading, record))
  },
  createPlacementGroupFor: async (operator, project, order) => {
    await context.mirror.fresh()
    const record = await createPlacementGroup(context, asOwner(operator, projectNamed(context, project).id), order)
    return { record, members: [] }
  },
  deletePlacementGroupFor: async (operator, name) => {
    const { id, project } = await findGroup(context, name)
    await deletePlacementGroup(context, asOwner(operator, project as ProjectId), { id })
  },
})

const placed = ({ mirror }: Pick<Context, 'mirror'>, record: PlacementGroupRecord): PlacedGroup => ({
  record,
  members: membersOf(mirror, record).map(({ wish, place }) => ({
    name: wish.name,
    host: place.hostName,
    partition: wish.placementGroup?.partition ?? null,
    waits: place.waiting?.wouldFit ?? null,
  })),
})

/** By UUID or `pg-…`, of any project. Faults: 'not-found'. */
async function findGroup(context: Context, name: string): Promise<PlacementGroupRecord> {
  await freshEverywhere(context)
  const record = isUuid(name) ? context.mirror.get('placementgroup', name) : context.mirror.named(name)
  if (record?.kind === 'placementgroup') return record
  throw fault('not-found', `there is no placement group ${name.slice(0, 64)}`, {
    subject: { kind: 'placementgroup', id: name.slice(0, 64) },
  })
}
