/** Where machines are to be, told by tags of a launch. */
import { faultOf, type Parameters, xmlOf } from '../../../support/ec2-call'
import { type FakeOperations, fakeOperations } from '../../../support/fake-operations'

let operations: FakeOperations
beforeEach(() => {
  operations = fakeOperations()
})

const tagged = (tags: Readonly<Record<string, string>>): Parameters => ({
  MinCount: 1,
  MaxCount: 1,
  ImageId: 'ami-00000000000000001',
  'TagSpecification.1.ResourceType': 'instance',
  ...Object.fromEntries(
    Object.entries(tags).flatMap(([key, value], at) => [
      [`TagSpecification.1.Tag.${at + 1}.Key`, key],
      [`TagSpecification.1.Tag.${at + 1}.Value`, value],
    ]),
  ),
})
const run = (tags: Readonly<Record<string, string>>) => xmlOf('RunInstances', tagged(tags), { operations })
const refused = (tags: Readonly<Record<string, string>>) => faultOf('RunInstances', tagged(tags), { operations })

test('each tag is a part of the wish, and stays a tag', async () => {
  const tags = {
    'occi-gateway:requirements': 'RACK != "r1" & FREE_CPU > 100',
    'occi-gateway:requirements-mode': 'opennebula',
    'occi-gateway:rank': '- RUNNING_VMS',
    'occi-gateway:priority': '-5',
    Name: 'web',
  }
  await run(tags)
  expect(operations.orders).toEqual([
    expect.objectContaining({
      tags,
      placement: {
        requirements: 'RACK != "r1" & FREE_CPU > 100',
        mode: 'opennebula',
        rank: '- RUNNING_VMS',
        priority: -5,
      },
    }),
  ])
})

test('a policy; and an empty value says nothing', async () => {
  await run({ 'occi-gateway:policy': 'packing=2,load-aware=1', 'occi-gateway:rank': '' })
  expect(operations.orders[0]?.placement).toEqual({ policy: 'packing=2,load-aware=1' })
})

test('other tags say nothing of it', async () => {
  await run({ 'occi-gateways:rank': 'FREE_CPU', rank: 'FREE_CPU' })
  expect(operations.orders[0]).not.toHaveProperty('placement')
})

test.each<[Record<string, string>, RegExp]>([
  [{ 'occi-gateway:requirement': 'A = 1' }, /there is no tag occi-gateway:requirement; .*occi-gateway:requirements,/],
  [{ 'occi-gateway:requirements-mode': 'haizea' }, /occi-gateway:requirements-mode is native or opennebula/],
  [{ 'occi-gateway:priority': 'high' }, /occi-gateway:priority is a whole number/],
  [{ 'occi-gateway:priority': '1e3' }, /occi-gateway:priority is a whole number/],
])('%p is refused by name', async (tags, says) => {
  const { kind, message, detail } = await refused(tags)
  expect({ kind, field: detail.field }).toEqual({ kind: 'invalid', field: 'TagSpecification.Tag' })
  expect(message).toMatch(says)
  expect(operations.orders).toEqual([])
})
