import {
  imageThere,
  lackingThere,
  type Offering,
  sectionFor,
  typesNamed,
} from '../../../../src/model/providers/section'

const OFFERING: Offering = {
  kind: 'ec2',
  types: [{ name: 't3.small' }],
  images: { 'image-1': 'ami-theirs' },
  settings: { subnet: 'subnet-own', securityGroup: 'sg-1,sg-2' },
  allowed: { subnet: ['subnet-a'], key: ['*'] },
}

test('a provider is given its own kind of section and nothing of the others', () => {
  const sections = { ec2: { zone: 'a' }, elastichosts: { tier: 'ssd' } }
  expect(sectionFor(sections, { kind: 'ec2' })).toEqual({ zone: 'a' })
  expect(sectionFor(sections, { kind: 'other' })).toEqual({})
  expect(sectionFor(undefined, { kind: 'ec2' })).toEqual({})
})

test.each<[Record<string, string>, string | undefined]>([
  [{}, undefined],
  [{ type: 't3.small', image: 'ami-theirs', tags: 'a=b' }, undefined],
  [{ type: 't3.huge' }, 'the type t3.huge, which it does not offer'],
  [{ image: 'ami-other' }, 'the image ami-other, which is not registered'],
  [{ subnet: 'subnet-own' }, undefined],
  [{ subnet: 'subnet-own,subnet-a' }, undefined],
  [{ subnet: 'subnet-a,subnet-x' }, 'the subnet subnet-x, which its operator does not allow'],
  [{ securityGroup: 'sg-2' }, undefined],
  [{ zone: 'eu-west-1a' }, 'the zone eu-west-1a, which its operator does not allow'],
  [{ key: 'whatever' }, undefined],
])('%j', (section, lacking) => {
  expect(lackingThere(section, OFFERING)).toBe(lacking)
})

test('nothing is allowed where nothing is said', () => {
  const { settings: _own, allowed: _said, ...bare } = OFFERING
  expect(lackingThere({ subnet: 'subnet-a' }, bare)).toMatch(/does not allow/)
})

test('the image is that of the section, else what its own is there', () => {
  expect(imageThere('image-1', undefined, OFFERING)).toBe('ami-theirs')
  expect(imageThere('image-1', { ec2: { image: 'ami-chosen' } }, OFFERING)).toBe('ami-chosen')
  expect(imageThere('image-1', { elastichosts: { image: 'drive' } }, OFFERING)).toBe('ami-theirs')
  expect(imageThere('image-2', undefined, OFFERING)).toBeUndefined()
  expect(imageThere(null, undefined, OFFERING)).toBeUndefined()
})

test('types by kind', () => {
  expect(typesNamed({ ec2: { type: 'a' }, elastichosts: { tier: 'ssd' } })).toEqual({ ec2: 'a' })
  expect(typesNamed({ ec2: {} })).toBeUndefined()
  expect(typesNamed(undefined)).toBeUndefined()
})
