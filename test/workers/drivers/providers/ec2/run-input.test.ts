/** What RunInstances is asked for, and what follows when a place has no room. */
import type { RunInstancesCommandInput } from '@aws-sdk/client-ec2'
import type { Fault } from '../../../../../src/faults'
import type { HostId } from '../../../../../src/model/ids'
import type { ProviderOrder } from '../../../../../src/model/providers/target'
import type { HostTarget } from '../../../../../workers/drivers/driver'
import type { Call } from '../../../../../workers/drivers/providers/ec2/client'
import { ec2Fault } from '../../../../../workers/drivers/providers/ec2/faults'
import { run, runInputs } from '../../../../../workers/drivers/providers/ec2/run-input'
import { definitionFor, ticketFor } from '../../../../support/elastichosts-stage'

const TYPE = { name: 't3.small', cores: 2, memoryMiB: 2048, diskGiB: null, price: 22_800, count: null }
const TICKET = ticketFor('i-1', 'key-1')

const host = (settings: Record<string, string>): HostTarget => ({
  id: 'host' as HostId,
  name: 'ec2-eu',
  address: 'http://127.0.0.1',
  provider: {
    region: 'eu-1',
    credentials: () => ({ account: 'a', secret: 's' }),
    settings,
    types: [TYPE],
    limits: { cores: null, memoryMiB: null },
    images: {},
  },
})

const order = (parts: Partial<ProviderOrder> = {}): ProviderOrder => ({
  ...{ type: TYPE, image: 'ami-1', hostname: null, publicKey: null, userData: null },
  ...parts,
})

const inputs = (settings: Record<string, string>, parts: Partial<ProviderOrder> = {}) => {
  const wanted = order(parts)
  return runInputs(host(settings), TICKET, definitionFor('i-00000000000000001', { order: wanted }), wanted)
}

test('the settings of the account, as they were before there were sections', () => {
  const [only, ...more] = inputs({ subnet: 'subnet-1', securityGroup: 'sg-1', zone: 'eu-1a' })
  expect(more).toEqual([])
  expect(only).toMatchObject({
    SubnetId: 'subnet-1',
    SecurityGroupIds: ['sg-1'],
    Placement: { AvailabilityZone: 'eu-1a' },
    ImageId: 'ami-1',
    InstanceType: 't3.small',
  })
  expect(only).not.toHaveProperty('KeyName')
})

test('what a section says stands instead', () => {
  const section = { subnet: 'subnet-2', securityGroup: 'sg-2, sg-3', key: 'desk', tags: 'team=blue' }
  const [only] = inputs({ subnet: 'subnet-1', securityGroup: 'sg-1', zone: 'eu-1a' }, { section })
  expect(only).toMatchObject({ SubnetId: 'subnet-2', SecurityGroupIds: ['sg-2', 'sg-3'], KeyName: 'desk' })
  expect(only).not.toHaveProperty('Placement')
  expect(only?.TagSpecifications?.[0]?.Tags).toContainEqual({ Key: 'team', Value: 'blue' })
  expect(only?.TagSpecifications?.[0]?.Tags).toContainEqual({
    Key: 'occi-gateway.machine',
    Value: 'i-00000000000000001',
  })
})

test('its own public key comes before a key there', () => {
  const [only] = inputs({ key: 'desk' }, { publicKey: 'ssh-ed25519 AAAA me' })
  expect(only?.KeyName).toMatch(/^occi-gateway-/)
})

test('one that its owner may want hibernated is run so, any other as before', () => {
  expect(inputs({}, { hibernates: true })[0]).toMatchObject({ HibernationOptions: { Configured: true } })
  expect(inputs({})[0]).not.toHaveProperty('HibernationOptions')
})

test('a section that names zones does not mean the subnets of the settings', () => {
  const places = inputs({ subnet: 'subnet-1' }, { section: { zone: 'a,b' } })
  expect(places.map(({ SubnetId, Placement }) => [SubnetId, Placement?.AvailabilityZone])).toEqual([
    [undefined, 'a'],
    [undefined, 'b'],
  ])
})

test('each place has a token of its own, the same whenever it is asked for', () => {
  const tokens = () => inputs({ subnet: 'subnet-1,subnet-2,subnet-3' }).map(({ ClientToken }) => ClientToken)
  expect(tokens()).toEqual(tokens())
  expect(new Set(tokens()).size).toBe(3)
  expect(tokens()[0]).toBe(inputs({})[0]?.ClientToken)
})

const refusal = (name: string, httpStatusCode: number) =>
  ec2Fault(Object.assign(new Error(name), { name, $metadata: { httpStatusCode } }))

/** Answers as said, in turn; what was sent. */
function scripted(...answers: readonly (Fault | string)[]) {
  const sent: RunInstancesCommandInput[] = []
  const call: Call = async (ask) => {
    const client = { send: async (command: { input: RunInstancesCommandInput }) => void sent.push(command.input) }
    const sdk = {
      RunInstancesCommand: class {
        constructor(readonly input: RunInstancesCommandInput) {}
      },
    }
    await ask(sdk as never, client as never, new AbortController().signal)
    const answer = answers[sent.length - 1]
    if (typeof answer !== 'string') throw answer
    return { Instances: [{ InstanceId: answer }] } as never
  }
  return { sent, call }
}
const ZONES = inputs({ zone: 'a,b,c' })
const zonesOf = (sent: readonly RunInstancesCommandInput[]) => sent.map(({ Placement }) => Placement?.AvailabilityZone)

test('a zone without room is followed by the next', async () => {
  const { sent, call } = scripted(refusal('InsufficientInstanceCapacity', 500), 'i-their')
  expect(await run(call, ZONES)).toEqual({ Instances: [{ InstanceId: 'i-their' }] })
  expect(zonesOf(sent)).toEqual(['a', 'b'])
})

test('where no zone has room, another type or provider may be had', async () => {
  const full = refusal('InsufficientInstanceCapacity', 500)
  const { sent, call } = scripted(full, full, refusal('InsufficientFreeAddressesInSubnet', 400))
  await expect(run(call, ZONES)).rejects.toMatchObject({
    kind: 'refused',
    message: 'its provider has no room for the type t3.small now',
    detail: { reason: 'type-exhausted' },
  })
  expect(zonesOf(sent)).toEqual(['a', 'b', 'c'])
})

test.each([
  ['nobody knows whether it was made', refusal('InternalError', 500), 'unreachable'],
  ['the account may have no more', refusal('InstanceLimitExceeded', 400), 'refused'],
  ['it is to be asked later', refusal('RequestLimitExceeded', 503), 'busy'],
] as const)('nothing further is tried where %s', async (_what, answer, kind) => {
  const { sent, call } = scripted(refusal('InsufficientInstanceCapacity', 500), answer, 'i-their')
  await expect(run(call, ZONES)).rejects.toMatchObject({ kind })
  expect(zonesOf(sent)).toEqual(['a', 'b'])
})
