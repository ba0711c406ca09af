/** When machines need their places, told by tags of a launch. */
import { fault } from '../../../../src/faults'
import { faultOf, type Parameters, xmlOf } from '../../../support/ec2-call'
import { type FakeOperations, fakeOperations } from '../../../support/fake-operations'

let operations: FakeOperations
beforeEach(() => {
  operations = fakeOperations()
})

const tagged = (tags: Readonly<Record<string, string>>, count = 1): Parameters => ({
  MinCount: count,
  MaxCount: count,
  ImageId: 'ami-00000000000000001',
  'TagSpecification.1.ResourceType': 'instance',
  ...Object.fromEntries(
    Object.entries(tags).flatMap(([key, value], at) => [
      [`TagSpecification.1.Tag.${at + 1}.Key`, key],
      [`TagSpecification.1.Tag.${at + 1}.Value`, value],
    ]),
  ),
})

test('each tag is a term, and stays a tag', async () => {
  const tags = {
    'occi-gateway:lease-start': '2036-12-01T08:00:00Z',
    'occi-gateway:lease-duration': '2h',
    'occi-gateway:lease-at-end': 'terminate',
    'occi-gateway:lease-group': 'pair',
    Name: 'web',
  }
  await xmlOf('RunInstances', tagged(tags, 2), { operations })
  const lease = {
    start: Date.parse('2036-12-01T08:00:00Z'),
    seconds: 7200,
    atEnd: 'terminate',
    group: { name: 'pair', members: 2 },
  }
  expect(operations.orders).toEqual([expect.objectContaining({ tags, lease })])
})

test.each([
  ['occi-gateway:lease-start', 'soon'],
  ['occi-gateway:lease-duration', '1 hour'],
  ['occi-gateway:lease-deadline', 'tomorrow'],
  ['occi-gateway:lease-at-end', 'hibernate'],
  ['occi-gateway:lease-group', 'two words'],
  ['occi-gateway:preemptible', 'perhaps'],
  ['occi-gateway:lease-begin', 'now'],
])('%s=%s is refused by its name', async (tag, value) => {
  const { kind, message } = await faultOf('RunInstances', tagged({ [tag]: value }), { operations })
  expect(kind).toBe('invalid')
  expect(message).toContain(tag)
  expect(operations.orders).toEqual([])
})

test('what the operation refuses of a term is told by the tag that said it', async () => {
  operations.runComputes = async () => {
    throw fault('combination', 'a start and a deadline cannot be given together', { field: 'lease.deadline' })
  }
  const tags = { 'occi-gateway:lease-duration': '1h' }
  const { kind, message } = await faultOf('RunInstances', tagged(tags), { operations })
  expect(kind).toBe('combination')
  expect(message).toBe('occi-gateway:lease-deadline: a start and a deadline cannot be given together')
})

test('how many machines a group has is told by its tag and by what counted them', async () => {
  const { kind, message } = await faultOf('RunInstances', tagged({ 'occi-gateway:lease-group': 'many' }, 2000), {
    operations,
  })
  expect(kind).toBe('invalid')
  expect(message).toBe('occi-gateway:lease-group, with MaxCount: how many machines the group has, from 1 to 1000')
})
