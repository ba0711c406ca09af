/** Resources of several kinds, named by their ids, as CreateTags and DeleteTags take them. */
import { fault } from '../../faults'
import { isShortName, type Ref, SHORT_PREFIXES, type ShortKind } from '../../model/ids'
import type { TaggedPart } from '../../operations/tag-parts'
import type { Ec2Context } from '../action'
import { shorten } from '../codec'
import { groupsAsked, rulesAsked } from '../groups/asked'
import { placementGroupsAsked } from '../placement/asked'
import { templatesAsked } from '../templates/asked'
import { addressesAsked } from './addresses'
import { capacityReservationsAsked } from './capacity-reservations'
import { imagesAsked } from './images'
import { instancesNamed } from './instances'
import { interfacesAsked } from './interfaces'
import { keyPairsAsked } from './key-pairs'
import { snapshotsAsked } from './snapshots'
import { type Volume, volumesAsked } from './volumes'

const KINDS = Object.keys(SHORT_PREFIXES) as ShortKind[]
const MAX_RESOURCES = 1000

/** A record, or a part of one. */
export type Tagged = Ref & { readonly part?: TaggedPart }

/**
 * The records behind these ids. Faults: 'missing' for none, 'too-large', 'malformed' for what is no id of EC2, 'not-found' for what
 * is not there or has no record of its own.
 */
export async function resourcesNamed(
  ids: readonly string[] | undefined,
  context: Ec2Context,
): Promise<readonly Tagged[]> {
  const wanted = [...new Set(ids ?? [])]
  if (wanted.length === 0)
    throw fault('missing', 'The request must contain the parameter ResourceId', { field: 'ResourceId' })
  if (wanted.length > MAX_RESOURCES)
    throw fault('too-large', `The request names ${wanted.length} resources; at most ${MAX_RESOURCES} are accepted`, {
      field: 'ResourceId',
    })
  for (const id of wanted) refuseUntaggable(id)
  const instances = wanted.filter((id) => isShortName('compute', id))
  const images = wanted.filter((id) => isShortName('image', id))
  const groups = wanted.filter((id) => isShortName('securitygroup', id))
  const snapshots = wanted.filter((id) => isShortName('snapshot', id))
  const pairs = wanted.filter((id) => isShortName('keypair', id))
  const addresses = wanted.filter((id) => isShortName('address', id))
  const placements = wanted.filter((id) => isShortName('placementgroup', id))
  const templates = wanted.filter((id) => isShortName('launchtemplate', id))
  const reservations = wanted.filter((id) => isShortName('capacityreservation', id))
  const records = [
    ...(instances.length > 0 ? await instancesNamed(instances, context) : []),
    ...(images.length > 0 ? await imagesAsked(images, context) : []),
    ...(groups.length > 0 ? await groupsAsked({ ids: groups }, context) : []),
    ...(pairs.length > 0 ? await keyPairsAsked({ ids: pairs }, context) : []),
    ...(addresses.length > 0 ? (await addressesAsked({ ids: addresses }, context)).map(({ record }) => record) : []),
    ...(placements.length > 0 ? await placementGroupsAsked({ ids: placements }, context) : []),
    ...(templates.length > 0 ? await templatesAsked({ ids: templates }, context) : []),
    ...(reservations.length > 0
      ? (await capacityReservationsAsked(reservations, context)).map(({ record }) => record)
      : []),
    ...(snapshots.length > 0 ? await snapshotsAsked(snapshots, context) : []),
  ]
  return [...records.map(({ kind, id }) => ({ kind, id })), ...(await partsNamed(wanted, context))]
}

/** What is a part of another record, or may be. */
async function partsNamed(wanted: readonly string[], context: Ec2Context): Promise<readonly Tagged[]> {
  const volumes = wanted.filter((id) => isShortName('storage', id))
  const rules = wanted.filter((id) => isShortName('securitygrouprule', id))
  const names = wanted.filter((id) => isShortName('networkinterface', id))
  const interfaces = names.length > 0 ? await interfacesAsked(names, context) : []
  const disks = volumes.length > 0 ? await volumesAsked(volumes, context) : []
  const ofGroups = rules.length > 0 ? await rulesAsked(rules, context) : []
  return [
    ...disks.map(recordOf),
    ...interfaces.map(
      ({ compute, one }): Tagged => ({ kind: 'compute', id: compute.id, part: { is: 'interface', name: one.name } }),
    ),
    ...ofGroups.map(
      ({ record, rule }): Tagged => ({ kind: 'securitygroup', id: record.id, part: { is: 'rule', name: rule.rule } }),
    ),
  ]
}

/** A root disk is a part of its machine's record. */
const recordOf = (volume: Volume): Tagged =>
  volume.is === 'volume'
    ? { kind: 'storage', id: volume.record.id }
    : { kind: 'compute', id: volume.compute.id, part: { is: 'disk', name: volume.disk.name } }

const TAGGABLE: readonly (ShortKind | undefined)[] = [
  'compute',
  'image',
  'storage',
  'snapshot',
  'keypair',
  'securitygroup',
  'securitygrouprule',
  'networkinterface',
  'address',
  'placementgroup',
  'capacityreservation',
  'launchtemplate',
]

function refuseUntaggable(id: string): void {
  const kind = KINDS.find((known) => isShortName(known, id))
  if (kind !== undefined && TAGGABLE.includes(kind)) return
  const field = 'ResourceId'
  throw kind === undefined
    ? fault('malformed', `The ID '${shorten(id)}' is not valid`, { field, subject: { kind: 'any', id: shorten(id) } })
    : fault('not-found', `The ID '${id}' does not exist`, { field, subject: { kind, id } })
}
