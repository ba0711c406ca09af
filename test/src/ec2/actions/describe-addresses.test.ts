import { codeOf, texts, xmlOf } from '../../../support/ec2-call'
import { fakeOperations } from '../../../support/fake-operations'

const operations = fakeOperations()

test('there are none', async () => {
  const xml = await xmlOf('DescribeAddresses', {}, { operations })
  expect(xml).toMatch(/<addressesSet\/>|<addressesSet><\/addressesSet>/)
})

test('none with whatever filter: libcloud asks by instance', async () => {
  const filter = { 'Filter.1.Name': 'instance-id', 'Filter.1.Value.1': 'i-0123456789abcdef0' }
  expect(texts(await xmlOf('DescribeAddresses', filter, { operations }), 'publicIp')).toEqual([])
})

test('one that is named does not exist', async () => {
  expect(await codeOf('DescribeAddresses', { 'PublicIp.1': '192.0.2.1' }, { operations })).toBe('InvalidParameterValue')
  expect(await codeOf('DescribeAddresses', { 'AllocationId.1': 'eipalloc-1' }, { operations })).toBe(
    'InvalidParameterValue',
  )
})
