/** What can be done with `/securitygroup/` and `/securitygroup/<id>`: the same groups as EC2's. */
import { fault } from '../../faults'
import { isUuid, type SecurityGroupId } from '../../model/ids'
import { everythingOut, isDefaultGroup, type SecurityGroupRecord } from '../../model/records'
import type { NewRule } from '../../operations/groups'
import type { Part, Parts } from '../../operations/together/operations'
import { groupEntity, groupMember } from '../entities/securitygroup'
import type { Answer, Exchange, Front } from '../exchange'
import type { Catalogue } from '../model/catalogue'
import type { KindCategory } from '../model/category'
import { SECURITYGROUP } from '../model/names'
import type { Document } from '../parse'
import { namedCategories, refuseMisapplied, refuseOtherKind } from '../requests/categories'
import { describesOne } from '../requests/describes-one'
import { entityValues, textIn, type Values } from '../requests/entity-values'
import { groupRules, RULES } from '../requests/group-rules'
import { inOcciFields } from '../requests/in-occi-fields'
import { withoutActions } from '../requests/links'
import { atPath } from './at-path'
import { createEach } from './create-each'
import { nothingAt } from './nothing'

const FIELDS: Readonly<Record<string, string>> = {
  GroupName: 'occi.core.title',
  reservedGroup: 'occi.core.title',
  GroupDescription: 'occi.core.summary',
  IpPermissions: RULES,
  rules: RULES,
}

/** The project's, `default` first. */
export const liveGroups = (
  { operations }: Front,
  { caller }: Pick<Exchange, 'caller'>,
): Promise<readonly SecurityGroupRecord[]> => operations.listGroups(caller)

/** Throws 'not-found'. */
export async function liveGroup(
  front: Front,
  exchange: Pick<Exchange, 'caller' | 'path'>,
  id: string,
): Promise<SecurityGroupRecord> {
  const found = (await liveGroups(front, exchange)).find((one) => one.id === id)
  if (found === undefined) throw nothingAt(exchange.path)
  return found
}

function described(
  { model }: Front,
  document: Document,
  catalogue: Catalogue,
  present: SecurityGroupRecord | undefined,
  how: 'whole' | 'partial',
): Values {
  const named = namedCategories(document.categories, model, catalogue)
  refuseOtherKind(named, SECURITYGROUP, { how, is: present === undefined ? 'new' : 'there' })
  refuseMisapplied(named.mixins, SECURITYGROUP)
  const [strange] = named.mixins
  if (strange) throw fault('unsupported', `${strange.id} cannot be put on a security group here`, { field: strange.id })
  if (withoutActions(document.links, model).length > 0)
    throw fault('unsupported', 'a security group starts no links: a link begins at its compute', { field: 'Link' })
  return entityValues(document.attributes, model.find(SECURITYGROUP) as KindCategory, present && groupEntity(present))
}

/** Clients say what comes in; where nothing is said of what goes out, everything does. */
const withWayOut = (rules: readonly NewRule[]): readonly NewRule[] =>
  rules.some(({ direction }) => direction === 'out') ? rules : [...rules, { ...everythingOut, description: null }]

/** 201 with Location. Without rules, nothing comes in and everything goes out. */
export async function createGroup(
  front: Front,
  exchange: Exchange,
  catalogue: Catalogue,
  id?: string,
): Promise<Answer> {
  if (id !== undefined && !isUuid(id)) throw nothingAt(exchange.path)
  return createEach<'createGroup'>(front, exchange, {
    folder: '/securitygroup/',
    at: id === undefined ? 'collection' : 'path',
    fields: FIELDS,
    order: (document) => ({
      do: 'createGroup',
      order: {
        ...groupOrder(described(front, document, catalogue, undefined, 'whole')),
        ...(id === undefined ? {} : { id: id as SecurityGroupId }),
      },
    }),
    member: groupMember,
  })
}

function groupOrder(values: Values): Parts['createGroup']['order'] {
  const name = textIn(values, 'occi.core.title')
  if (name === undefined)
    throw fault('missing', 'a security group needs its name: occi.core.title', { field: 'occi.core.title' })
  const rules = textIn(values, RULES)
  return {
    name,
    description: textIn(values, 'occi.core.summary') ?? name,
    ...(rules === undefined ? {} : { rules: withWayOut(groupRules(rules)) }),
  }
}

/** The rules are what can be changed; name and description stay, as EC2 has it. */
async function update(
  front: Front,
  exchange: Exchange,
  catalogue: Catalogue,
  record: SecurityGroupRecord,
  how: 'whole' | 'partial',
): Promise<SecurityGroupRecord> {
  const values = described(front, describesOne(exchange.document()), catalogue, record, how)
  const { name, description } = record.wish
  for (const [attribute, before] of [['occi.core.title', name] as const, ['occi.core.summary', description] as const])
    if (values.has(attribute) && values.get(attribute) !== before)
      throw fault('conflict', `${attribute} of a security group is not changed: make another one`, { field: attribute })
  const rules = textIn(values, RULES)
  if (rules === undefined) return record
  const change = { how: 'exactly', rules: groupRules(rules) } as const
  const { after } = await inOcciFields(FIELDS, () =>
    front.operations.changeRules(exchange.caller, { id: record.id, change }),
  )
  return after
}

/**
 * All or none, `default` aside, which stays where others go. Throws 'in-use' (409) saying by what, 'immutable' where there is only
 * `default`.
 */
export function groupsGoing(records: readonly SecurityGroupRecord[]): readonly Part<'deleteGroups'>[] {
  const own = records.filter((record) => !isDefaultGroup(record))
  const ids = (own.length > 0 ? own : records).map(({ id }) => id)
  return ids.length === 0 ? [] : [{ do: 'deleteGroups', order: { ids } }]
}

export const atGroup = atPath<SecurityGroupRecord>({
  what: 'a security group',
  live: liveGroup,
  member: (_front, record) => groupMember(record),
  create: createGroup,
  update,
  going: (_front, record) => groupsGoing([record]),
})
