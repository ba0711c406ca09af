import { CHOICES, PROVIDER_KINDS, SETTINGS } from '../../../../src/model/providers/record'
import {
  type BurstOrder,
  keysOf,
  SECTION_KEYS,
  tagsIn,
  wrongInTemplate,
} from '../../../../src/model/providers/template'

const ec2 = (section: Record<string, string>): BurstOrder => ({ sections: { ec2: section } })

test('a rich order is whole', () => {
  expect(
    wrongInTemplate({
      regions: ['eu-west-1', 'DE'],
      replaceable: true,
      sections: {
        ec2: { type: 't3.small', zone: 'a,b', subnet: 'subnet-1', securityGroup: 'sg-1,sg-2', tags: 'team=x,cost=' },
        elastichosts: { tier: 'ssd', nic: 'e1000', vlan: 'inner' },
      },
      userData: { ec2: 'aGk=' },
    }),
  ).toBeUndefined()
  expect(wrongInTemplate({ never: true, regions: ['eu'] })).toBeUndefined()
})

test.each<[string, BurstOrder, string, RegExp]>([
  ['a key of no section', ec2({ colour: 'red' }), 'ec2.colour', /has no colour/],
  ['a key of another kind', ec2({ vlan: '7' }), 'ec2.vlan', /has no vlan/],
  ['what every object has', ec2({ constructor: 'x' }), 'ec2.constructor', /has no constructor/],
  ['a kind that there is not', { sections: { azure: {} } as never }, 'azure', /no providers of the kind azure/],
  ['user data for no kind', { userData: { azure: 'aGk=' } as never }, 'azure', /no providers of the kind/],
  ['nothing', ec2({ subnet: '' }), 'ec2.subnet', /1 to 256/],
  ['an empty part', ec2({ zone: 'a,,b' }), 'ec2.zone', /1 to 256/],
  ['a line break', ec2({ key: 'a\nb' }), 'ec2.key', /control/],
  ['too much', ec2({ image: 'x'.repeat(257) }), 'ec2.image', /256/],
  ['no choice of it', { sections: { elastichosts: { tier: 'tape' } } }, 'elastichosts.tier', /disk, ssd/],
  ['a tag without a value', ec2({ tags: 'team' }), 'ec2.tags', /name=value/],
  ['tags of Amazon’s', ec2({ tags: 'aws:x=1' }), 'ec2.tags', /taken/],
  ['tags of ours', ec2({ tags: 'a=1,occi-gateway.machine=i-1' }), 'ec2.tags', /taken/],
  ['its name', ec2({ tags: 'Name=x' }), 'ec2.tags', /taken/],
  ['a tag twice', ec2({ tags: 'a=1,a=2' }), 'ec2.tags', /once/],
  ['no regions', { regions: [] }, 'regions', /1 to 20/],
  ['a region of two words', { regions: ['eu west'] }, 'regions', /eu-west-1/],
  ['never and a section', { never: true, sections: { ec2: {} } }, 'ec2', /never goes/],
])('%s is refused by name', (_what, order, field, message) => {
  expect(wrongInTemplate(order)).toMatchObject({ field, message: expect.stringMatching(message) })
})

test('what a section has no word for is told', () => {
  expect(wrongInTemplate(ec2({ colour: 'red' }))?.allowed).toEqual(keysOf('ec2'))
  expect(wrongInTemplate({ sections: { azure: {} } as never })?.allowed).toEqual(PROVIDER_KINDS)
})

test('a key that stands for a setting, or has choices, is one that there is', () => {
  for (const kind of PROVIDER_KINDS) {
    const settable = Object.entries(SECTION_KEYS[kind]).filter(([, { taken }]) => taken === 'allowed')
    // What a root drive lies on is said by orders alone.
    for (const [key] of settable) expect([...Object.keys(SETTINGS[kind]), 'tier']).toContain(key)
    for (const key of Object.keys(CHOICES[kind] ?? {})) expect(Object.keys(SETTINGS[kind])).toContain(key)
  }
})

test('tags are pairs; a value may have signs of equality', () => {
  expect(tagsIn('a=1, b = x=y ,c=')).toEqual([
    ['a', '1'],
    ['b', 'x=y'],
    ['c', ''],
  ])
})
