/** What can be done with `/placementgroup/` and `/placementgroup/<id>`: the same groups as EC2's. */
import { fault } from '../../faults'
import type { PlacementGroupId } from '../../model/ids'
import type { PlacementGroupRecord } from '../../model/records'
import type { Part } from '../../operations/together/operations'
import { allAttributes } from '../entities/entity'
import type { Member } from '../entities/member'
import {
  GROUP_ATTRIBUTES,
  placementGroupEntity,
  placementGroupMember,
  placementGroupPath,
} from '../entities/placementgroup'
import type { Answer, Exchange, Front } from '../exchange'
import type { Catalogue } from '../model/catalogue'
import { PLACEMENTGROUP } from '../model/names'
import { describedAs } from '../requests/described'
import { describesOne } from '../requests/describes-one'
import { textIn } from '../requests/entity-values'
import { ruleIn } from '../requests/placementgroup-values'
import { sameValue } from '../requests/values'
import { atPath } from './at-path'
import { createEach } from './create-each'
import { nothingAt } from './nothing'

const TITLE = 'occi.core.title'
const FIELDS: Readonly<Record<string, string>> = {
  GroupName: TITLE,
  PartitionCount: GROUP_ATTRIBUTES.partitions,
  over: GROUP_ATTRIBUTES.over,
  strength: GROUP_ATTRIBUTES.strength,
}

/** Throws 'not-found', also for what another project has. */
async function liveGroup(
  { operations }: Front,
  { caller, path }: Pick<Exchange, 'caller' | 'path'>,
  id: string,
): Promise<PlacementGroupRecord> {
  const found = (await operations.listPlacementGroups(caller)).find((one) => one.id === id)
  if (found === undefined) throw nothingAt(path)
  return found
}

/** 201 with Location. */
export const createPlacementGroup = (
  front: Front,
  exchange: Exchange,
  catalogue: Catalogue,
  id?: string,
): Promise<Answer> =>
  createEach<'createPlacementGroup'>(front, exchange, {
    folder: placementGroupPath(''),
    at: id === undefined ? 'collection' : 'path',
    fields: FIELDS,
    order(document) {
      const values = describedAs(front, document, catalogue, { kind: PLACEMENTGROUP, how: 'whole' })
      const name = textIn(values, TITLE)
      if (name === undefined) throw fault('missing', `a placement group needs its name: ${TITLE}`, { field: TITLE })
      if (values.get('occi.core.summary')) throw unchangeable('occi.core.summary')
      const order = { name, rule: ruleIn(values), ...(id === undefined ? {} : { id: id as PlacementGroupId }) }
      return { do: 'createPlacementGroup', order }
    },
    member: placementGroupMember,
  })

/** What it shows may be sent back; nothing of a group is changed, as EC2 has it. Faults: 'conflict' naming what would be another. */
async function unchanged(
  front: Front,
  exchange: Exchange,
  catalogue: Catalogue,
  record: PlacementGroupRecord,
  how: 'whole' | 'partial',
): Promise<PlacementGroupRecord> {
  const present = placementGroupEntity(record)
  const values = describedAs(front, describesOne(exchange.document()), catalogue, {
    kind: PLACEMENTGROUP,
    present,
    how,
  })
  const shown = new Map(allAttributes(present).map(({ name, value }) => [name, value]))
  for (const [name, value] of values) {
    const before = shown.get(name)
    if (before === undefined ? value !== '' : !sameValue(before, value)) throw unchangeable(name)
  }
  return record
}

const unchangeable = (name: string) =>
  fault('conflict', `${name} of a placement group is not kept or changed: make another group`, { field: name })

/** What deletes them. Throws 'in-use' (409) naming the machines that are in one. */
export const placementGroupsGoing = (members: readonly Member[]): readonly Part<'deletePlacementGroup'>[] =>
  members.map(({ path }) => {
    const id = path.slice(placementGroupPath('').length) as PlacementGroupId
    return { do: 'deletePlacementGroup', order: { id } }
  })

export const atPlacementGroup = atPath<PlacementGroupRecord>({
  what: 'a placement group',
  live: liveGroup,
  member: (_front, record) => placementGroupMember(record),
  create: createPlacementGroup,
  update: unchanged,
  going: (_front, record) => placementGroupsGoing([placementGroupMember(record)]),
})
