/** A RunInstances input to an order for machines: names are looked up, nothing is changed. */
import { fault } from '../../faults'
import type { ImageRecord, NetworkRecord } from '../../model/records'
import { changedOptions, USUAL_OPTIONS } from '../../model/records'
import type { RunOrder } from '../../operations/operations'
import type { Ec2Context, Input } from '../action'
import { recoveryAsked } from '../attributes/maintenance-options'
import { metadataAsked } from '../attributes/metadata-options'
import { shorten } from '../codec'
import { ownNetworks, subnetIdOf } from '../default-vpc'
import { placementGroupAsked } from '../placement/asked'
import { hostingAsked } from '../placement/hosting'
import { imagesAsked } from '../resources/images'
import { readTags } from '../resources/tags'
import { blockDevices } from './block-devices'
import { burstAsked } from './burst-tags'
import { capacityAsked } from './capacity'
import { interfaceAsked, launchGroups } from './interface'
import { leaseAsked } from './lease-tags'
import { placementAsked } from './placement-tags'

type Run = Input<'RunInstances'>

/** The order; `digest`: of the request. Faults: 'missing', 'malformed', 'invalid', 'not-found', 'unsupported', each naming the parameter. */
export async function orderOf(input: Run, digest: string, context: Ec2Context): Promise<RunOrder> {
  const image = await imageOf(input.ImageId, context)
  const tags = tagsOf(input.TagSpecifications, 'volume')
  const ofInterfaces = tagsOf(input.TagSpecifications, 'network-interface')
  const disks = await blockDevices(input.BlockDeviceMappings ?? [], image, tags, context)
  const wanted = interfaceAsked(input)
  const own = await ownNetworkOf(wanted.subnet, context)
  const zone = await zoneOf({ ...input, SubnetId: own === undefined ? wanted.subnet : undefined }, context)
  const groups = await launchGroups(wanted.groups, input, context)
  return {
    // What these may be is checked by the operation, which answers a repeated order before it looks at what there is now.
    minCount: input.MinCount ?? 1,
    maxCount: input.MaxCount ?? 1,
    image: image.id,
    ...saidBy(input),
    ...(await placementGroupAsked(input.Placement ?? {}, context)),
    ...hostingAsked(input.Placement ?? {}, context),
    ...(await capacityAsked(input.CapacityReservationSpecification, context)),
    ...disks,
    ...(Object.keys(ofInterfaces).length > 0 ? { interfaceTags: ofInterfaces } : {}),
    ...(input.InstanceType ? { type: input.InstanceType } : {}),
    ...(zone ? { zone } : {}),
    ...(groups.length > 0 ? { groups } : {}),
    ...(own === undefined ? {} : { interfaces: [{ network: own.id }] }),
    ...(input.KeyName ? { keyName: input.KeyName } : {}),
    ...(input.UserData ? { userData: input.UserData } : {}),
    ...(input.ClientToken ? { token: { token: input.ClientToken, digest } } : {}),
    ...(input.DryRun ? { dryRun: true } : {}),
  }
}

/** What a launch says that names nothing else. Faults: 'missing', 'invalid', 'unsupported'. */
export function saidBy(input: Run): Pick<RunOrder, 'tags' | 'placement' | 'lease' | 'burst' | 'options'> {
  const tags = tagsOf(input.TagSpecifications, 'instance')
  return {
    tags,
    ...placementAsked(tags),
    ...leaseAsked(tags, input.MaxCount ?? 1),
    ...burstAsked(tags),
    ...optionsOf(input),
  }
}

async function imageOf(ami: string | undefined, context: Ec2Context): Promise<ImageRecord> {
  const missing = () => fault('missing', 'The request must contain the parameter ImageId', { field: 'ImageId' })
  if (!ami) throw missing()
  const [image] = await imagesAsked([ami], context)
  if (!image) throw missing()
  return image
}

/** The project's own network of that name. */
async function ownNetworkOf(subnet: string | undefined, context: Ec2Context): Promise<NetworkRecord | undefined> {
  return subnet === undefined ? undefined : (await ownNetworks(context)).find(({ wish }) => wish.subnet === subnet)
}

/** The zone asked for, by name or by the default subnet in it. Faults: 'not-found' (subnet), 'combination' when the two differ. */
async function zoneOf(
  { SubnetId, Placement }: Pick<Run, 'Placement'> & { readonly SubnetId: string | undefined },
  context: Ec2Context,
): Promise<string | undefined> {
  const zone = Placement?.AvailabilityZone || undefined
  const { operations, caller } = context
  // The network's own name, as older answers of this gateway gave it, lies in every zone.
  if (SubnetId === undefined || SubnetId === operations.defaults().network?.wish.subnet) return zone
  const zones = await operations.listZones(caller)
  const found = zones.find(({ name }) => subnetIdOf(caller.project, name) === SubnetId)
  if (!found)
    throw fault('not-found', `The subnet ID '${shorten(SubnetId)}' does not exist`, {
      field: 'SubnetId',
      subject: { kind: 'network', id: shorten(SubnetId) },
    })
  if (zone !== undefined && zone !== found.name)
    throw fault('combination', `The subnet ${shorten(SubnetId)} is in ${found.name}, not in ${shorten(zone)}`, {
      field: 'SubnetId',
    })
  return found.name
}

/** What a launch makes that bears tags: machines, all their disks, all their interfaces. */
const TAGGED = ['instance', 'volume', 'network-interface'] as const

/** Tags for what is made of that type. Faults: 'missing', 'unsupported', 'invalid'. */
export function tagsOf(
  specifications: Run['TagSpecifications'],
  type: (typeof TAGGED)[number],
): Readonly<Record<string, string>> {
  const field = 'TagSpecification.ResourceType'
  const tags = (specifications ?? []).flatMap(({ ResourceType, Tags }) => {
    if (ResourceType === undefined) throw fault('missing', `The request must contain the parameter ${field}`, { field })
    if (!TAGGED.some((known) => known === ResourceType))
      throw fault(
        'unsupported',
        `'${shorten(ResourceType)}' cannot be tagged at launch by this gateway; ${TAGGED.join(', ')} can`,
        { field },
      )
    return ResourceType === type ? (Tags ?? []) : []
  })
  return readTags(tags)
}

function optionsOf(input: Run): Pick<RunOrder, 'options'> {
  const { DisableApiTermination, InstanceInitiatedShutdownBehavior: behaviour, Monitoring } = input
  if (behaviour !== undefined && behaviour !== 'stop' && behaviour !== 'terminate')
    throw fault(
      'invalid',
      `Value (${shorten(behaviour)}) for parameter InstanceInitiatedShutdownBehavior is invalid. Expected: stop or terminate`,
      { field: 'InstanceInitiatedShutdownBehavior' },
    )
  const metadata = metadataAsked(input.MetadataOptions ?? {})
  const isUsual = Object.keys(metadata).length === 0
  const options = {
    ...(DisableApiTermination ? { isProtected: true } : {}),
    ...(behaviour === 'terminate' ? { onShutdown: behaviour } : {}),
    ...(Monitoring?.Enabled ? { monitoring: true } : {}),
    ...(input.HibernationOptions?.Configured ? { hibernates: true } : {}),
    ...recoveryAsked(input.MaintenanceOptions?.AutoRecovery),
    ...(isUsual ? {} : { metadata: changedOptions(USUAL_OPTIONS, { metadata }).metadata }),
  }
  return Object.keys(options).length === 0 ? {} : { options }
}
