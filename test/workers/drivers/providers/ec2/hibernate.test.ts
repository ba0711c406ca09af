/** Stopping with memory kept: what is asked of EC2 in each state of an instance, and what its refusals mean. */

import type { Instance, InstanceStateName } from '@aws-sdk/client-ec2'
import * as sdk from '@aws-sdk/client-ec2'
import type { Call } from '../../../../../workers/drivers/providers/ec2/client'
import { ec2Fault } from '../../../../../workers/drivers/providers/ec2/faults'
import { hibernate } from '../../../../../workers/drivers/providers/ec2/hibernate'
import { marksOf } from '../../../../../workers/drivers/providers/ec2/marks'
import { definitionFor, ticketFor } from '../../../../support/elastichosts-stage'

const NAME = 'i-00000000000000001'
const HIBERNATED = 'Client.UserInitiatedHibernate'

const instance = (state: InstanceStateName, parts: Partial<Instance> = {}): Instance => ({
  InstanceId: 'i-their',
  State: { Name: state },
  HibernationOptions: { Configured: true },
  Tags: marksOf(definitionFor(NAME), 'key-1'),
  ...parts,
})

/** An account that has this instance; what was ordered of it. `refusal`: the code that a stop is answered with. */
function account(there: Instance | undefined, refusal?: string) {
  const ordered: object[] = []
  const send = async (command: { readonly input: object }) => {
    if (command instanceof sdk.DescribeInstancesCommand) return { Reservations: [{ Instances: there ? [there] : [] }] }
    ordered.push(command.input)
    if (refusal !== undefined)
      throw ec2Fault(Object.assign(new Error(refusal), { name: refusal, $metadata: { httpStatusCode: 400 } }))
    return {}
  }
  const call: Call = (order) => order(sdk, { send } as unknown as sdk.EC2Client, new AbortController().signal)
  return { ordered, hibernate: () => hibernate(call, 'local-1', ticketFor(NAME, 'key-1')) }
}

test('one that runs is stopped with its memory kept, and that takes its time', async () => {
  const { ordered, hibernate: asked } = account(instance('running'))
  expect(await asked()).toMatchObject({ state: 'running' })
  expect(ordered).toEqual([{ InstanceIds: ['i-their'], Hibernate: true }])
})

test.each<[string, Instance, string]>([
  ['on its way up', instance('pending'), 'running'],
  ['on its way down', instance('stopping'), 'running'],
  ['stopped with its memory kept', instance('stopped', { StateReason: { Code: HIBERNATED } }), 'done'],
])('one that is %s is not stopped once more', async (_what, there, state) => {
  const { ordered, hibernate: asked } = account(there)
  expect(await asked()).toMatchObject({ state })
  expect(ordered).toEqual([])
})

test.each<[string, Instance | undefined, string]>([
  ['not there', undefined, 'refused'],
  ['off without its memory', instance('stopped', { StateReason: { Code: 'Client.UserInitiatedShutdown' } }), 'refused'],
  ['being terminated', instance('shutting-down'), 'refused'],
  ['not launched for it', instance('running', { HibernationOptions: { Configured: false } }), 'unsupported'],
  ['at a service that does not tell', instance('running', { HibernationOptions: undefined }), 'unsupported'],
])('one that is %s is refused before anything is ordered', async (_what, there, kind) => {
  const { ordered, hibernate: asked } = account(there)
  await expect(asked()).rejects.toMatchObject({ kind })
  expect(ordered).toEqual([])
})

test('whose guest is not ready for it is asked again later, and is not given up for it', async () => {
  const refusal = await account(instance('running'), 'UnsupportedOperation').hibernate().catch(Object)
  expect(refusal).toMatchObject({ kind: 'refused', message: expect.stringContaining('may not be ready for it') })
  expect(refusal.detail).not.toHaveProperty('reason')
})

test.each<[string, string]>([
  ['RequestLimitExceeded', 'busy'],
  ['IncorrectInstanceState', 'busy'],
  ['UnsupportedHibernationConfiguration', 'refused'],
])('refused by %s it is %s, as any order', async (code, kind) => {
  await expect(account(instance('running'), code).hibernate()).rejects.toMatchObject({ kind })
})
