/**
 * Making a machine: one RunInstances under a ClientToken that is made from the intent's key, so that the same intent makes one
 * instance however often it is asked. It is done once a look shows it: a service tells of a new instance a little later than it
 * has it, and whoever believed an early look would make another one.
 */
import type { RunInstancesCommandInput } from '@aws-sdk/client-ec2'
import { asFault, fault } from '../../../../src/faults'
import type { Effect, EffectTicket, HostTarget, MachineDefinition } from '../../driver'
import { accountAt } from '../probe'
import type { Call } from './client'
import { codeOf } from './faults'
import { objectAt, objectsOf } from './lookup'
import { clientToken, keyName, marksOf } from './marks'
import { type Roots, rootDisk } from './root-disk'
import { stateOf } from './sighting'

export const DONE: Effect = { state: 'done', value: null }
/** Again soon: the service is at it. */
export const soon = (lookAgainMs = 1000): Effect => ({ state: 'running', percent: 0, lookAgainMs })

export interface Account {
  readonly call: Call
  readonly host: HostTarget
  /** What is known of images' root disks. */
  readonly roots: Roots
}

/** Faults: 'refused' for what was ended as it was made, and those of the calls. */
export async function create(account: Account, ticket: EffectTicket, definition: MachineDefinition): Promise<Effect> {
  const { call, host } = account
  const { name, site, size } = definition
  const there = await madeOf(call, site, name)
  if (there !== undefined) return there
  const { order } = definition
  if (order === undefined) throw fault('refused', `nothing says what ${name} is to be at its provider`)
  if (order.publicKey !== null) await ensureKey(call, order.publicKey)
  const disks = await rootDisk(account, order.image, size.diskGiB)
  const input = {
    ...runInput(host, ticket, definition, order),
    ...(disks.length > 0 ? { BlockDeviceMappings: [...disks] } : {}),
  }
  const { Instances = [] } = await call((sdk, client, abortSignal) =>
    client.send(new sdk.RunInstancesCommand(input), { abortSignal }),
  )
  const now = await madeOf(call, site, name)
  if (now !== undefined) return now
  const made = await objectAt(call, Instances[0]?.InstanceId ?? '')
  if (made !== undefined && stateOf(made) === 'terminated')
    throw fault('refused', `its provider ended it at once: ${made.StateReason?.Message ?? 'no reason was given'}`, {
      reason: 'elsewhere',
    })
  return soon()
}

/** Whether it is there already: done once it is past its making; undefined: nothing of it is shown. */
async function madeOf(call: Call, site: string, name: string): Promise<Effect | undefined> {
  const [first, ...others] = (await objectsOf(call, site, name)).map(stateOf)
  if (first === undefined) return undefined
  return [first, ...others].includes('pending') ? soon() : DONE
}

function runInput(
  host: HostTarget,
  { key }: EffectTicket,
  definition: MachineDefinition,
  order: NonNullable<MachineDefinition['order']>,
): RunInstancesCommandInput {
  const { settings } = accountAt(host)
  const { subnet, securityGroup, zone } = settings
  return {
    MinCount: 1,
    MaxCount: 1,
    ImageId: order.image,
    InstanceType: order.type.name as NonNullable<RunInstancesCommandInput['InstanceType']>,
    ClientToken: clientToken(definition.site, key),
    // A guest that shuts itself down is to be seen stopped: what becomes of it then is decided here.
    InstanceInitiatedShutdownBehavior: 'stop',
    TagSpecifications: [{ ResourceType: 'instance', Tags: marksOf(definition, key) }],
    ...(order.userData === null ? {} : { UserData: order.userData }),
    ...(order.publicKey === null ? {} : { KeyName: keyName(order.publicKey) }),
    ...(subnet === undefined ? {} : { SubnetId: subnet }),
    ...(securityGroup === undefined ? {} : { SecurityGroupIds: [securityGroup] }),
    ...(zone === undefined ? {} : { Placement: { AvailabilityZone: zone } }),
  }
}

/** The account has the key under a name that is made from it; there already is done. */
async function ensureKey(call: Call, publicKey: string): Promise<void> {
  try {
    await call((sdk, client, abortSignal) =>
      client.send(
        new sdk.ImportKeyPairCommand({
          KeyName: keyName(publicKey),
          PublicKeyMaterial: Buffer.from(publicKey, 'utf8'),
        }),
        { abortSignal },
      ),
    )
  } catch (thrown) {
    if (codeOf(asFault(thrown).cause) !== 'InvalidKeyPair.Duplicate') throw thrown
  }
}
