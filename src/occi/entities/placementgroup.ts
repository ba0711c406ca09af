/** A placement group as OCCI shows it: the same record as EC2's. */
import type { PlacementGroupRecord } from '../../model/records'
import { PLACEMENTGROUP } from '../model/names'
import type { Entity } from './entity'
import { Member } from './member'

const members = new WeakMap<PlacementGroupRecord, Member>()

/** The record's one member; kept as long as the record. */
export function placementGroupMember(record: PlacementGroupRecord): Member {
  const known =
    members.get(record) ?? new Member(placementGroupPath(record.id), 'resources', () => placementGroupEntity(record))
  members.set(record, known)
  return known
}

export const placementGroupPath = (id: string): string => `/placementgroup/${id}`

export const GROUP_ATTRIBUTES = {
  keeps: 'org.occi-gateway.placementgroup.keeps',
  over: 'org.occi-gateway.placementgroup.over',
  strength: 'org.occi-gateway.placementgroup.strength',
  partitions: 'org.occi-gateway.placementgroup.partitions',
} as const

export const placementGroupEntity = ({ id, wish: { name, group, rule } }: PlacementGroupRecord): Entity => ({
  kind: PLACEMENTGROUP,
  id,
  path: placementGroupPath(id),
  title: name,
  summary: null,
  mixins: [],
  attributes: [
    { name: GROUP_ATTRIBUTES.keeps, value: rule.keeps },
    { name: GROUP_ATTRIBUTES.over, value: rule.over },
    { name: GROUP_ATTRIBUTES.strength, value: rule.strength },
    ...(rule.partitions === undefined ? [] : [{ name: GROUP_ATTRIBUTES.partitions, value: rule.partitions }]),
    { name: 'org.occi-gateway.placementgroup.name', value: group },
  ],
  actions: [],
  links: [],
})
