/** The real SDK, its waiters and paginators, against a listening front. What it parses is what every client of today parses. */
import {
  CreateTagsCommand,
  DeleteTagsCommand,
  DescribeAvailabilityZonesCommand,
  DescribeFleetsCommand,
  DescribeImagesCommand,
  DescribeInstanceStatusCommand,
  DescribeInstancesCommand,
  DescribeInstanceTypesCommand,
  DescribeRegionsCommand,
  DescribeTagsCommand,
  EC2Client,
  paginateDescribeInstances,
  paginateDescribeTags,
  RebootInstancesCommand,
  RunInstancesCommand,
  StartInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
  waitUntilInstanceRunning,
  waitUntilInstanceStatusOk,
  waitUntilInstanceStopped,
} from '@aws-sdk/client-ec2'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { fault } from '../../../src/faults'
import { ANNS_KEY, type Ec2Server, startEc2 } from '../../support/ec2-server'
import { type FakeOperations, fakeOperations } from '../../support/fake-operations'

let operations: FakeOperations
let server: Ec2Server
let ec2: EC2Client
let config: ConstructorParameters<typeof EC2Client>[0]
beforeEach(async () => {
  operations = fakeOperations()
  server = await startEc2({ operations })
  config = { endpoint: server.url, region: 'local-1', credentials: ANNS_KEY, maxAttempts: 1 }
  ec2 = new EC2Client(config)
})
afterEach(async () => {
  ec2.destroy()
  await server.stop()
})

const IMAGE = 'ami-00000000000000001'
const launch = async (count: number): Promise<string[]> => {
  const run = await ec2.send(new RunInstancesCommand({ ImageId: IMAGE, MinCount: count, MaxCount: count }))
  return (run.Instances ?? []).map((instance) => instance.InstanceId ?? '')
}
const patiently = () => ({ client: ec2, maxWaitTime: 10, minDelay: 1, maxDelay: 1 })

test('the life of two machines', async () => {
  const run = await ec2.send(
    new RunInstancesCommand({
      ImageId: IMAGE,
      InstanceType: 't2.micro',
      MinCount: 2,
      MaxCount: 2,
      KeyName: 'mine',
      UserData: Buffer.from('#!/bin/sh').toString('base64'),
      Placement: { AvailabilityZone: 'local-1b' },
      TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'Name', Value: 'web <1> & é' }] }],
    }),
  )
  const InstanceIds = (run.Instances ?? []).map((instance) => instance.InstanceId ?? '')
  expect(InstanceIds).toHaveLength(2)
  expect(operations.orders[0]?.token?.token).toMatch(/^[0-9a-f-]{36}$/)

  await waitUntilInstanceRunning(patiently(), { InstanceIds })
  await waitUntilInstanceStatusOk(patiently(), { InstanceIds })
  const { Reservations } = await ec2.send(new DescribeInstancesCommand({ InstanceIds }))
  expect(Reservations).toHaveLength(1)
  expect(Reservations?.[0]?.Instances?.[1]).toMatchObject({
    InstanceId: InstanceIds[1],
    InstanceType: 't2.micro',
    KeyName: 'mine',
    AmiLaunchIndex: 1,
    State: { Code: 16, Name: 'running' },
    Placement: { AvailabilityZone: 'local-1b' },
    Tags: [{ Key: 'Name', Value: 'web <1> & é' }],
    PrivateIpAddress: '10.0.0.11',
    PlatformDetails: 'Linux/UNIX (simulated host)',
    LaunchTime: expect.any(Date),
    BlockDeviceMappings: [{ DeviceName: '/dev/sda1', Ebs: { Status: 'attached', DeleteOnTermination: true } }],
    NetworkInterfaces: [{ MacAddress: '02:00:00:00:00:02', PrivateIpAddress: '10.0.0.11' }],
    Monitoring: { State: 'disabled' },
  })

  await ec2.send(new RebootInstancesCommand({ InstanceIds }))
  const stop = await ec2.send(new StopInstancesCommand({ InstanceIds, Force: true }))
  expect(stop.StoppingInstances?.[0]).toMatchObject({
    PreviousState: { Name: 'running' },
    CurrentState: { Name: 'stopped' },
  })
  await waitUntilInstanceStopped(patiently(), { InstanceIds })
  const start = await ec2.send(new StartInstancesCommand({ InstanceIds }))
  expect(start.StartingInstances?.[1]?.PreviousState?.Code).toBe(80)
  const end = await ec2.send(new TerminateInstancesCommand({ InstanceIds }))
  expect(end.TerminatingInstances?.[0]?.CurrentState?.Name).toBe('shutting-down')
})

test('paginators', async () => {
  await launch(7)
  await launch(6)
  const pages: number[] = []
  for await (const page of paginateDescribeInstances({ client: ec2, pageSize: 5 }, {}))
    pages.push((page.Reservations ?? []).flatMap((reservation) => reservation.Instances ?? []).length)
  expect(pages).toEqual([5, 5, 3])

  const Resources = [...operations.computes.values()].map((record) => record.wish.name)
  await ec2.send(new CreateTagsCommand({ Resources, Tags: [{ Key: 'a', Value: '1' }] }))
  let tags = 0
  for await (const page of paginateDescribeTags({ client: ec2, pageSize: 10 }, {})) tags += page.Tags?.length ?? 0
  expect(tags).toBe(13)
})

test('tags, filters, status', async () => {
  const [one, two] = await launch(2)
  await ec2.send(
    new CreateTagsCommand({
      Resources: [one ?? ''],
      Tags: [
        { Key: 'stage', Value: 'live' },
        { Key: 'n', Value: '' },
      ],
    }),
  )
  const Filters = [{ Name: 'tag:stage', Values: ['l*'] }]
  const found = await ec2.send(new DescribeInstancesCommand({ Filters }))
  expect(found.Reservations?.[0]?.Instances?.map((instance) => instance.InstanceId)).toEqual([one])
  await ec2.send(new DeleteTagsCommand({ Resources: [one ?? ''], Tags: [{ Key: 'stage' }] }))
  expect((await ec2.send(new DescribeTagsCommand({}))).Tags).toEqual([
    { Key: 'n', Value: '', ResourceId: one, ResourceType: 'instance' },
  ])
  const status = await ec2.send(new DescribeInstanceStatusCommand({ InstanceIds: [two ?? ''] }))
  expect(status.InstanceStatuses?.[0]?.InstanceStatus).toEqual({
    Status: 'ok',
    Details: [{ Name: 'reachability', Status: 'passed' }],
  })
})

test('what the site offers', async () => {
  const images = await ec2.send(new DescribeImagesCommand({ Owners: ['amazon'] }))
  expect(images.Images?.map((image) => [image.Name, image.RootDeviceName, image.Public])).toEqual([
    ['debian-12', '/dev/sda1', true],
    ['tiny', '/dev/sda1', true],
  ])
  const types = await ec2.send(new DescribeInstanceTypesCommand({ InstanceTypes: ['t2.micro'] }))
  expect(types.InstanceTypes?.[0]).toMatchObject({ VCpuInfo: { DefaultVCpus: 1 }, MemoryInfo: { SizeInMiB: 1024 } })
  const regions = await ec2.send(new DescribeRegionsCommand({}))
  expect(regions.Regions?.[0]).toMatchObject({ RegionName: 'local-1', Endpoint: server.host })
  const zones = await ec2.send(new DescribeAvailabilityZonesCommand({}))
  expect(zones.AvailabilityZones?.map((zone) => zone.ZoneName)).toEqual([
    'local-1a',
    'local-1b',
    'local-1c',
    'local-1d',
  ])
})

test('errors by name, with the request id', async () => {
  const refusal = await ec2.send(new DescribeInstancesCommand({ InstanceIds: ['i-12345678'] })).catch((error) => error)
  expect(refusal).toMatchObject({ name: 'InvalidInstanceID.NotFound', $metadata: { httpStatusCode: 400 } })
  expect(refusal.$metadata.requestId).toMatch(/^[0-9a-f-]{36}$/)
  await expect(
    ec2.send(new RunInstancesCommand({ ImageId: IMAGE, MinCount: 1, MaxCount: 1, DryRun: true })),
  ).rejects.toMatchObject({
    name: 'DryRunOperation',
    $metadata: { httpStatusCode: 412 },
  })
  await expect(ec2.send(new DescribeFleetsCommand({}))).rejects.toMatchObject({ name: 'UnsupportedOperation' })
})

test('a wrong secret', async () => {
  const stranger = new EC2Client({ ...config, credentials: { ...ANNS_KEY, secretAccessKey: 'wrong' } })
  await expect(stranger.send(new DescribeRegionsCommand({}))).rejects.toMatchObject({ name: 'AuthFailure' })
  stranger.destroy()
})

test('the SDK tries again by itself when a part of ours was away', async () => {
  const { listZones } = operations
  let calls = 0
  operations.listZones = (caller) => {
    calls += 1
    if (calls === 1) throw fault('unavailable', 'the store is away')
    return listZones(caller)
  }
  const patient = new EC2Client({ ...config, maxAttempts: 3 })
  expect((await patient.send(new DescribeAvailabilityZonesCommand({}))).AvailabilityZones).toHaveLength(4)
  expect(calls).toBe(2)
  patient.destroy()
})

test('STS on the same URL', async () => {
  const sts = new STSClient({ endpoint: server.url, region: 'local-1', credentials: ANNS_KEY })
  expect(await sts.send(new GetCallerIdentityCommand({}))).toMatchObject({
    Account: '123456789012',
    Arn: 'arn:aws:iam::123456789012:user/ann',
    UserId: 'ann',
  })
  sts.destroy()
})
