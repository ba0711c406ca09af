import { escapeXml, keep, writeOutput } from '../../../../src/ec2/codec'
import { dialectOf, writerOf } from '../../../../src/ec2/codec/write'

const head = '<?xml version="1.0" encoding="UTF-8"?>\n'

test('an answer names the version asked for, with the slash that libcloud wants, and the request', () => {
  expect(writeOutput('DescribeRegions', { Regions: [{ RegionName: 'r' }] }, '2014-10-01', 'id-1')).toBe(
    `${head}<DescribeRegionsResponse xmlns="http://ec2.amazonaws.com/doc/2014-10-01/"><requestId>id-1</requestId><regionInfo><item><regionName>r</regionName></item></regionInfo></DescribeRegionsResponse>`,
  )
})

test('an action without a body of its own says that it worked', () => {
  expect(writeOutput('RebootInstances', {}, '2016-11-15', 'x')).toContain(
    '</requestId><return>true</return></RebootInstancesResponse>',
  )
})

test('empty lists, empty texts and numbers, times and booleans', () => {
  const write = writerOf('Instance', 'group-ids')
  expect(
    write({
      Tags: [],
      KeyName: '',
      AmiLaunchIndex: 0,
      EbsOptimized: false,
      LaunchTime: new Date(1_800_000_000_000),
      StateReason: undefined,
      Unknown: 'never written',
    }),
  ).toBe(
    '<ebsOptimized>false</ebsOptimized><tagSet/><keyName/><amiLaunchIndex>0</amiLaunchIndex><launchTime>2027-01-15T08:00:00.000Z</launchTime>',
  )
})

test('blobs are base64; values of another shape are not walked into', () => {
  expect(writerOf('blob', 'group-ids')(Buffer.from('hi'))).toBe('aGk=')
  expect(writerOf('TagList', 'group-ids')('no list')).toBe('')
  expect(writerOf('Tag', 'group-ids')(null)).toBe('')
  expect(writerOf('TagList', 'group-ids')([{ Key: 'a', Value: 'b' }, undefined])).toBe(
    '<item><key>a</key><value>b</value></item>',
  )
})

test.each([
  ['plain', 'plain'],
  ['<a href="x">&', '&lt;a href=&quot;x&quot;&gt;&amp;'],
  ['\r\n\t', '&#xD;\n\t'],
  ['\u0000\u001b\uffff', '\ufffd\ufffd\ufffd'],
  ['\ud800', '\ufffd'],
  ['😀 <', '😀 &lt;'],
])('escape %j', (text, xml) => expect(escapeXml(text)).toBe(xml))

test('before 2011 a group is its name, in groupId and nowhere else', () => {
  const group = { GroupId: 'sg-1', GroupName: 'web & db' }
  expect(dialectOf('2010-08-31')).toBe('group-names')
  expect(dialectOf('2011-01-01')).toBe('group-ids')
  const reservation = { ReservationId: 'r-1', Groups: [group], Instances: [] }
  expect(writeOutput('RunInstances', reservation, '2010-08-31', 'x')).toContain(
    '<groupSet><item><groupId>web &amp; db</groupId></item></groupSet>',
  )
  expect(writeOutput('RunInstances', reservation, '2016-11-15', 'x')).toContain(
    '<groupSet><item><groupId>sg-1</groupId><groupName>web &amp; db</groupName></item></groupSet>',
  )
})

test('before 2011 an order says the groups of its machines', () => {
  const machine = { InstanceId: 'i-1', SecurityGroups: [{ GroupId: 'sg-1', GroupName: 'web' }] }
  const reservation = { ReservationId: 'r-1', Groups: [], Instances: [machine] }
  const ofOrder = '<reservationId>r-1</reservationId><groupSet><item><groupId>web</groupId></item></groupSet>'
  expect(writeOutput('RunInstances', reservation, '2010-08-31', 'x')).toContain(ofOrder)
  expect(writeOutput('RunInstances', reservation, '2011-01-01', 'x')).toContain(
    '<reservationId>r-1</reservationId><groupSet/>',
  )
  const none = { ReservationId: 'r-1', Groups: [], Instances: [] }
  expect(writeOutput('RunInstances', none, '2010-08-31', 'x')).toContain('<groupSet/>')
})

test('a kept value is written once per dialect, others each time', () => {
  const write = writerOf('Instance', 'group-ids')
  const kept = keep({ InstanceId: 'i-1' })
  expect(write(kept)).toBe('<instanceId>i-1</instanceId>')
  Object.assign(kept, { InstanceId: 'i-2' })
  expect(write(kept)).toBe('<instanceId>i-1</instanceId>')
  expect(writerOf('Instance', 'group-names')(kept)).toBe('<instanceId>i-2</instanceId>')
  const loose = { InstanceId: 'i-1' }
  expect(write(loose)).toBe('<instanceId>i-1</instanceId>')
  Object.assign(loose, { InstanceId: 'i-2' })
  expect(write(loose)).toBe('<instanceId>i-2</instanceId>')
})

test('what is not in the table is a bug, not a wrong answer', () => {
  expect(() => writeOutput('CreateVpc', {}, '2016-11-15', 'x')).toThrow(/not in the EC2 table/)
})
