import { BURST_TAGS, burstAsked, SECTION_TAGS } from '../../../../src/ec2/launch/burst-tags'
import { placementAsked } from '../../../../src/ec2/launch/placement-tags'

test('reserved tags become the common template', () => {
  const tags = {
    'occi-gateway:regions': 'eu-west-1, eu-central-1',
    'occi-gateway:replaceable': 'true',
    'occi-gateway:ec2.subnet': 'subnet-1',
    'occi-gateway:ec2.securityGroup': 'sg-1,sg-2',
    'occi-gateway:elastichosts.tier': 'ssd',
    team: 'blue',
  }
  expect(burstAsked(tags)).toEqual({
    burst: {
      regions: ['eu-west-1', 'eu-central-1'],
      replaceable: true,
      sections: { ec2: { subnet: 'subnet-1', securityGroup: 'sg-1,sg-2' }, elastichosts: { tier: 'ssd' } },
    },
  })
  expect(placementAsked(tags)).toEqual({})
})

test('nothing said is nothing', () => {
  expect(burstAsked({ team: 'blue' })).toEqual({})
  expect(burstAsked({ 'occi-gateway:burst': 'allowed', 'occi-gateway:replaceable': 'false' })).toEqual({})
  expect(burstAsked({ 'occi-gateway:burst': 'never' })).toEqual({ burst: { never: true } })
})

test.each([
  ['occi-gateway:burst', 'sometimes'],
  ['occi-gateway:replaceable', 'yes'],
])('%s=%s is refused by name', (key, value) => {
  expect(() => burstAsked({ [key]: value })).toThrow(new RegExp(`${key} is`))
})

test.each([
  ['occi-gateway:regions', ''],
  ['occi-gateway:regions', 'eu west'],
  ['occi-gateway:elastichosts.tier', 'tape'],
  ['occi-gateway:ec2.tags', 'Name=mine'],
])('%s=%s, whose form is wrong, is refused by the name of the tag', (key, value) => {
  expect(() => burstAsked({ [key]: value })).toThrow(new RegExp(`^${key}: `))
})

test.each(['occi-gateway:ec2.colour', 'occi-gateway:ec2.userdata', 'occi-gateway:azure.type'])(
  '%s is no tag of ours: refused by name, with those that there are',
  (tag) => {
    expect(() => placementAsked({ [tag]: 'x' })).toThrow(new RegExp(`no tag ${tag}.*occi-gateway:ec2.subnet`))
  },
)

test('each tag is a key that EC2 takes', () => {
  for (const tag of [...Object.values(BURST_TAGS), ...SECTION_TAGS]) expect(tag).toMatch(/^[\w:.-]{1,127}$/)
  expect(new Set(SECTION_TAGS).size).toBe(SECTION_TAGS.length)
})
