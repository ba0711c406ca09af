import type { ImageId } from '../../../../src/model/ids'
import type { ImageRecord } from '../../../../src/model/records'
import { codeOf, type Parameters, pretty, texts, xmlOf } from '../../../support/ec2-call'
import { ann, type FakeOperations, fakeOperations, PROJECT } from '../../../support/fake-operations'
import { expectGolden } from '../../../support/golden'

const [DEBIAN, TINY, MINE] = ['ami-00000000000000001', 'ami-00000000000000002', 'ami-00000000000000003']
let operations: FakeOperations
beforeEach(() => {
  operations = fakeOperations()
  const [debian] = operations.images
  if (!debian) throw new Error('the fake has no images')
  const mine: ImageRecord = {
    ...debian,
    id: 'cccccccc-0000-4000-8000-000000000003' as ImageId,
    project: PROJECT,
    wish: {
      ...debian.wish,
      ami: MINE,
      name: 'mine',
      description: 'my own',
      sizeGiB: 20,
      rootDevice: '/dev/xvda',
      architecture: 'arm64',
      simulated: false,
      tags: { stage: 'test' },
      createdAt: debian.wish.createdAt + 86_400_000,
    },
    seen: { state: 'pending' },
  }
  operations.images.push(mine)
})
const images = (parameters: Parameters = {}) => xmlOf('DescribeImages', parameters, { operations })
const found = async (parameters: Parameters = {}) => texts(await images(parameters), 'imageId')

test('golden: public ones and my own', async () => {
  expectGolden('ec2/DescribeImages.xml', pretty(await images()))
})

test.each<[string, Parameters, string[]]>([
  ['all', {}, [DEBIAN, TINY, MINE]],
  ['mine', { 'Owner.1': 'self' }, [MINE]],
  ['mine by account', { 'Owner.1': ann.account }, [MINE]],
  ["the site's by alias", { 'Owner.1': 'amazon' }, [DEBIAN, TINY]],
  ["the site's by account", { 'Owner.1': '000000000000' }, [DEBIAN, TINY]],
  ['either', { 'Owner.1': 'self', 'Owner.2': 'amazon' }, [DEBIAN, TINY, MINE]],
  ['of somebody who has none', { 'Owner.1': 'aws-marketplace' }, []],
  ['runnable by all', { 'ExecutableBy.1': 'all' }, [DEBIAN, TINY]],
  ['shared with me', { 'ExecutableBy.1': 'self' }, []],
  ['by id', { 'ImageId.1': TINY }, [TINY]],
])('%s', async (_what, parameters, expected) => expect(await found(parameters)).toEqual(expected))

test.each<[string, string, string[]]>([
  ['name', 'debian-*', [DEBIAN]],
  ['architecture', 'arm64', [MINE]],
  ['block-device-mapping.device-name', '/dev/xvda', [MINE]],
  ['block-device-mapping.volume-size', '1', [TINY]],
  ['block-device-mapping.delete-on-termination', 'true', [DEBIAN, TINY, MINE]],
  ['block-device-mapping.encrypted', 'true', []],
  ['creation-date', '2027-01-16*', [MINE]],
  ['description', 'my own', [MINE]],
  ['hypervisor', 'xen', [DEBIAN, TINY, MINE]],
  ['image-id', TINY, [TINY]],
  ['image-type', 'machine', [DEBIAN, TINY, MINE]],
  ['is-public', 'false', [MINE]],
  ['owner-alias', 'amazon', [DEBIAN, TINY]],
  ['owner-id', ann.account, [MINE]],
  ['platform-details', '*simulated*', [DEBIAN, TINY]],
  ['root-device-name', '/dev/sda1', [DEBIAN, TINY]],
  ['root-device-type', 'ebs', [DEBIAN, TINY, MINE]],
  ['state', 'pending', [MINE]],
  ['virtualization-type', 'hvm', [DEBIAN, TINY, MINE]],
  ['tag:stage', 'test', [MINE]],
  ['tag-key', 'stage', [MINE]],
  ['source-image-id', '*', []],
])('filter %s=%s', async (name, value, expected) =>
  expect(await found({ 'Filter.1.Name': name, 'Filter.1.Value.1': value })).toEqual(expected),
)

test('refusals', async () => {
  const code = (parameters: Parameters) => codeOf('DescribeImages', parameters, { operations })
  expect(await code({ 'ImageId.1': 'debian-12' })).toBe('InvalidAMIID.Malformed')
  expect(await code({ 'ImageId.1': 'ami-ffffffffffffffff0' })).toBe('InvalidAMIID.NotFound')
  expect(await code({ 'Filter.1.Name': 'x', 'Filter.1.Value.1': 'y' })).toBe('InvalidParameterValue')
  expect(await code({ MaxResults: 0 })).toBe('InvalidParameterValue')
  expect(await code({ MaxResults: 1, 'ImageId.1': TINY })).toBe('InvalidParameterCombination')
})

test('pages', async () => {
  const first = await images({ MaxResults: 2 })
  expect(texts(first, 'imageId')).toEqual([DEBIAN, TINY])
  expect(await found({ MaxResults: 2, NextToken: texts(first, 'nextToken')[0] ?? '' })).toEqual([MINE])
})

test('what was deleted is not there', async () => {
  const [debian] = operations.images
  if (debian) operations.images[0] = { ...debian, wish: { ...debian.wish, exists: false } }
  expect(await found()).toEqual([TINY, MINE])
  expect(await codeOf('DescribeImages', { 'ImageId.1': DEBIAN }, { operations })).toBe('InvalidAMIID.NotFound')
})
