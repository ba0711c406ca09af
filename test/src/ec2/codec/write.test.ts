import { escapeXml, keep, writeOutput } from '../../../../src/ec2/codec'
import { dialectOf, written } from '../../../../src/ec2/codec/write'

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
  expect(
    written('Instance', 'group-ids', {
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
  expect(written('blob', 'group-ids', Buffer.from('hi'))).toBe('aGk=')
  expect(written('TagList', 'group-ids', 'no list')).toBe('')
  expect(written('Tag', 'group-ids', null)).toBe('')
  expect(written('TagList', 'group-ids', [{ Key: 'a', Value: 'b' }, undefined])).toBe(
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

test('a kept value in a list is written once per dialect, others each time', () => {
  const write = (...items: readonly object[]) => written('InstanceList', 'group-ids', items)
  const kept = keep({ InstanceId: 'i-1' })
  expect(write(kept)).toBe('<item><instanceId>i-1</instanceId></item>')
  Object.assign(kept, { InstanceId: 'i-2' })
  expect(write(kept)).toBe('<item><instanceId>i-1</instanceId></item>')
  expect(written('InstanceList', 'group-names', [kept])).toBe('<item><instanceId>i-2</instanceId></item>')
  const loose = { InstanceId: 'i-1' }
  expect(write(loose, kept)).toBe('<item><instanceId>i-1</instanceId></item><item><instanceId>i-1</instanceId></item>')
  Object.assign(loose, { InstanceId: 'i-2' })
  expect(write(loose)).toBe('<item><instanceId>i-2</instanceId></item>')
})

test('a kept list is written once', () => {
  const one = keep({ InstanceId: 'i-1' })
  const two = keep({ InstanceId: 'i-ü' })
  const list = keep([
    { ReservationId: 'r-1', Instances: [one, two] },
    { ReservationId: 'r-2', Instances: [] },
  ])
  const text = written('ReservationList', 'group-ids', list)
  expect(text).toBe(
    '<item><reservationId>r-1</reservationId><instancesSet><item><instanceId>i-1</instanceId></item><item><instanceId>i-ü</instanceId></item></instancesSet></item><item><reservationId>r-2</reservationId><instancesSet/></item>',
  )
  list.pop()
  expect(written('ReservationList', 'group-ids', list)).toBe(text)
  expect(written('ReservationList', 'group-ids', [...list])).not.toBe(text)
  expect(written('ReservationList', 'group-ids', keep([]))).toBe('')
})

test('what is not in the table is a bug, not a wrong answer', () => {
  expect(() => writeOutput('CreateVpc', {}, '2016-11-15', 'x')).toThrow(/not in the EC2 table/)
})
