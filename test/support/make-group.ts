/** A placement group on a site of tests. */
import { randomUUID } from 'node:crypto'
import type { PlacementGroupId } from '../../src/model/ids'
import type { PlacementRule } from '../../src/model/records'
import { NOBODY } from '../../src/store/store'
import { PROJECT, type Site } from './site'

export async function makeGroup({ store }: Pick<Site, 'store'>, rule: PlacementRule): Promise<PlacementGroupId> {
  const id = randomUUID() as PlacementGroupId
  const wish = { name: 'front', group: 'pg-00000000000000001', rule, tags: {}, createdAt: 0 }
  const ref = { kind: 'placementgroup', id } as const
  const create = { ref, project: PROJECT, wish, seen: null, journal: null, place: null, wake: false }
  await store.change({ operationId: randomUUID(), actor: NOBODY, what: 'test', creates: [create] }, Date.now())
  return id
}
