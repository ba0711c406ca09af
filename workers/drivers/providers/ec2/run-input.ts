/**
 * What RunInstances is asked for: the settings of the account, or what the order's section says instead. Several subnets or zones are
 * tried in their order; each try has a ClientToken of its own, the same for the same intent.
 */
import type { RunInstancesCommandInput, RunInstancesCommandOutput } from '@aws-sdk/client-ec2'
import { asFault, type Fault, fault } from '../../../../src/faults'
import { partsOf, tagsIn } from '../../../../src/model/providers/template'
import type { EffectTicket, HostTarget, MachineDefinition } from '../../driver'
import { accountAt } from '../probe'
import type { Call } from './client'
import { isFull } from './faults'
import { clientToken, keyName, marksOf } from './marks'

type Order = NonNullable<MachineDefinition['order']>

/** One for each place that it may be tried in. */
export function runInputs(
  host: HostTarget,
  { key }: EffectTicket,
  definition: MachineDefinition,
  order: Order,
): readonly RunInstancesCommandInput[] {
  const { settings } = accountAt(host)
  const said = { ...settings, ...order.section }
  const common = inputFor(said, key, definition, order)
  return placesIn(said, order.section).map(
    (place, at): RunInstancesCommandInput => ({
      ...common,
      ...place,
      // The first one's as it was before there were several.
      ClientToken: clientToken(definition.site, at === 0 ? key : `${key} ${JSON.stringify(place)}`),
    }),
  )
}

function inputFor(
  said: Readonly<Record<string, string>>,
  key: string,
  definition: MachineDefinition,
  order: Order,
): Omit<RunInstancesCommandInput, 'ClientToken'> {
  const groups = partsOf(said.securityGroup)
  const own = said.tags === undefined ? [] : tagsIn(said.tags).map(([Key, Value]) => ({ Key, Value }))
  const keyThere = order.publicKey === null ? said.key : keyName(order.publicKey)
  return {
    MinCount: 1,
    MaxCount: 1,
    ImageId: order.image,
    InstanceType: order.type.name as NonNullable<RunInstancesCommandInput['InstanceType']>,
    // A guest that shuts itself down is to be seen stopped: what becomes of it then is decided here.
    InstanceInitiatedShutdownBehavior: 'stop',
    TagSpecifications: [{ ResourceType: 'instance', Tags: [...marksOf(definition, key), ...own] }],
    ...(order.userData === null ? {} : { UserData: order.userData }),
    ...(keyThere === undefined ? {} : { KeyName: keyThere }),
    ...(groups.length === 0 ? {} : { SecurityGroupIds: [...groups] }),
    ...(order.hibernates ? { HibernationOptions: { Configured: true } } : {}),
  }
}

type Place = Pick<RunInstancesCommandInput, 'SubnetId' | 'Placement'>

/** A subnet lies in one zone: a section that names zones and no subnet does not mean the subnets of the settings. */
function placesIn(
  { subnet, zone }: Readonly<Record<string, string>>,
  section: Readonly<Record<string, string>> = {},
): readonly Place[] {
  const subnets = section.zone !== undefined && section.subnet === undefined ? [] : partsOf(subnet)
  const zones = section.subnet !== undefined && section.zone === undefined ? [] : partsOf(zone)
  const ofZone = (AvailabilityZone: string): Place => ({ Placement: { AvailabilityZone } })
  if (subnets.length === 0) return zones.length === 0 ? [{}] : zones.map(ofZone)
  const [only, ...more] = zones
  return subnets.map((SubnetId) => ({
    SubnetId,
    ...(only !== undefined && more.length === 0 ? ofZone(only) : {}),
  }))
}

/**
 * The first place that has room. Faults: 'refused' with reason `type-exhausted` where none has: another type or another provider may;
 * those of the calls, after which nothing further is tried: that one may have been made.
 */
export async function run(
  call: Call,
  inputs: readonly RunInstancesCommandInput[],
): Promise<Pick<RunInstancesCommandOutput, 'Instances'>> {
  let last: Fault | undefined
  for (const input of inputs) {
    try {
      return await call((sdk, client, abortSignal) => client.send(new sdk.RunInstancesCommand(input), { abortSignal }))
    } catch (thrown) {
      last = asFault(thrown)
      // A refusal by name alone: what was cut or answered otherwise may have been done.
      if (!isFull(last.cause)) throw thrown
    }
  }
  throw fault('refused', `its provider has no room for the type ${inputs[0]?.InstanceType ?? ''} now`, {
    reason: 'type-exhausted',
    cause: last?.cause,
  })
}
