/** One launch template's life by Amazon's own clients: two versions, runs by word, name and id, what a launch says wins, its end. */
import {
  CreateLaunchTemplateCommand,
  CreateLaunchTemplateVersionCommand,
  CreateTagsCommand,
  DeleteLaunchTemplateCommand,
  DeleteLaunchTemplateVersionsCommand,
  DescribeLaunchTemplateVersionsCommand,
  DescribeTagsCommand,
  EC2Client,
  GetLaunchTemplateDataCommand,
  ModifyLaunchTemplateCommand,
  paginateDescribeLaunchTemplates,
  RunInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2'
import { z } from 'zod'
import {
  describeWithAws,
  newData,
  removeData,
  run,
  startUp,
  tenantEnvironment,
  type Up,
} from '../support/gateway-process'

const data = newData()
let up: Up
let client: EC2Client
const started: string[] = []

beforeAll(async () => {
  up = await startUp(data)
  const { region, ec2Url, accessKeyId, secretAccessKey } = up.session()
  client = new EC2Client({
    region,
    endpoint: ec2Url,
    credentials: { accessKeyId, secretAccessKey },
    maxAttempts: 1,
  })
})
afterAll(async () => {
  client.destroy()
  await up.end('SIGINT')
  removeData(data)
})

const UserData = Buffer.from('#!/bin/sh\n').toString('base64')
const LaunchTemplateName = 'web'
const launch = async (
  LaunchTemplate: { LaunchTemplateId?: string; LaunchTemplateName?: string; Version?: string },
  more: Partial<ConstructorParameters<typeof RunInstancesCommand>[0]> = {},
) => {
  const made = await client.send(new RunInstancesCommand({ MinCount: 1, MaxCount: 1, LaunchTemplate, ...more }))
  const [machine] = made.Instances ?? []
  started.push(machine?.InstanceId ?? '')
  return machine
}

test('the SDK: two versions, $Latest, the default one, by name and id, another type, tags and sections', async () => {
  const { imageId: ImageId } = up.session()
  const Tags = [
    { Key: 'role', Value: 'web' },
    { Key: 'occi-gateway:burst', Value: 'never' },
  ]
  const first = await client.send(
    new CreateLaunchTemplateCommand({
      LaunchTemplateName,
      LaunchTemplateData: {
        ImageId,
        InstanceType: 't2.nano',
        UserData,
        TagSpecifications: [{ ResourceType: 'instance', Tags }],
      },
      TagSpecifications: [{ ResourceType: 'launch-template', Tags: [{ Key: 'of', Value: 'us' }] }],
    }),
  )
  const id = first.LaunchTemplate?.LaunchTemplateId ?? ''
  await client.send(
    new CreateLaunchTemplateVersionCommand({
      LaunchTemplateId: id,
      SourceVersion: '1',
      LaunchTemplateData: { InstanceType: 't2.micro' },
    }),
  )
  const standard = await launch({ LaunchTemplateName })
  const latest = await launch({ LaunchTemplateId: id, Version: '$Latest' })
  const larger = await launch({ LaunchTemplateName, Version: '1' }, { InstanceType: 'm1.small' })
  expect([standard, latest, larger].map((one) => one?.InstanceType)).toEqual(['t2.nano', 't2.micro', 'm1.small'])
  expect(latest?.Tags).toEqual(
    expect.arrayContaining([
      ...Tags,
      { Key: 'aws:ec2launchtemplate:id', Value: id },
      { Key: 'aws:ec2launchtemplate:version', Value: '2' },
    ]),
  )
  await client.send(new ModifyLaunchTemplateCommand({ LaunchTemplateId: id, DefaultVersion: '2' }))
  expect((await launch({ LaunchTemplateName }))?.InstanceType).toBe('t2.micro')
})

test('the SDK: what it is told back, pages, tags, a machine as a template', async () => {
  const { LaunchTemplateVersions } = await client.send(
    new DescribeLaunchTemplateVersionsCommand({ LaunchTemplateName, Versions: ['$Latest'] }),
  )
  expect(LaunchTemplateVersions?.[0]).toMatchObject({
    VersionNumber: 2,
    DefaultVersion: true,
    LaunchTemplateData: { InstanceType: 't2.micro', UserData },
  })
  const id = LaunchTemplateVersions?.[0]?.LaunchTemplateId ?? ''
  await client.send(new CreateTagsCommand({ Resources: [id], Tags: [{ Key: 'more', Value: 'yes' }] }))
  const { Tags } = await client.send(
    new DescribeTagsCommand({ Filters: [{ Name: 'resource-type', Values: ['launch-template'] }] }),
  )
  expect(Tags?.map(({ Key }) => Key)).toEqual(['of', 'more'])
  const names: (string | undefined)[] = []
  for await (const { LaunchTemplates } of paginateDescribeLaunchTemplates({ client, pageSize: 1 }, {}))
    names.push(...(LaunchTemplates ?? []).map((one) => one.LaunchTemplateName))
  expect(names).toEqual([LaunchTemplateName])
  const like = await client.send(new GetLaunchTemplateDataCommand({ InstanceId: started[0] }))
  const { UserData: again, ...said } = like.LaunchTemplateData ?? {}
  expect(again).toBe(UserData)
  // What it says makes another template as it is.
  await client.send(new CreateLaunchTemplateCommand({ LaunchTemplateName: 'like', LaunchTemplateData: said as object }))
  expect((await launch({ LaunchTemplateName: 'like' }))?.InstanceType).toBe('t2.nano')
})

describeWithAws('the aws client', (aws) => {
  const ec2 = async (...words: string[]): Promise<unknown> => {
    const { ec2Url } = up.session()
    const asked = ['ec2', ...words, '--endpoint-url', ec2Url, '--output', 'json']
    const { code, stdout, stderr } = await run(aws, asked, tenantEnvironment(up.session()))
    if (code !== 0) throw new Error(stderr)
    return stdout.trim() === '' ? undefined : JSON.parse(stdout)
  }

  test('creates one, runs by its name with another type, and deletes it', async () => {
    const named = ['--launch-template-name', 'by-cli']
    const template = JSON.stringify({ ImageId: up.session().imageId, InstanceType: 't2.nano' })
    await ec2('create-launch-template', ...named, '--launch-template-data', template)
    const larger = JSON.stringify({ InstanceType: 't2.micro' })
    await ec2('create-launch-template-version', ...named, '--source-version', '1', '--launch-template-data', larger)
    const instances = z.object({
      Instances: z.array(z.object({ InstanceId: z.string(), InstanceType: z.string() })),
    })
    const latest = ['--launch-template', 'LaunchTemplateName=by-cli,Version=$Latest']
    const types: (string | undefined)[] = []
    for (const more of [[], ['--instance-type', 'm1.small']]) {
      const [machine] = instances.parse(await ec2('run-instances', ...latest, ...more)).Instances
      started.push(machine?.InstanceId ?? '')
      types.push(machine?.InstanceType)
    }
    expect(types).toEqual(['t2.micro', 'm1.small'])
    const versions = z.object({ LaunchTemplateVersions: z.array(z.object({ VersionNumber: z.number() })) })
    const told = versions.parse(await ec2('describe-launch-template-versions', ...named))
    expect(told.LaunchTemplateVersions.map((one) => one.VersionNumber)).toEqual([2, 1])
    await expect(ec2('run-instances', '--launch-template', 'LaunchTemplateName=by-cli,Version=9')).rejects.toThrow(
      'InvalidLaunchTemplateId.VersionNotFound',
    )
    await ec2('delete-launch-template', ...named)
    await expect(ec2('describe-launch-templates', '--launch-template-names', 'by-cli')).rejects.toThrow(
      'InvalidLaunchTemplateName.NotFoundException',
    )
  }, 120_000)
})

test('the SDK: versions and template go, machines stay until they are terminated', async () => {
  const gone = await client.send(new DeleteLaunchTemplateVersionsCommand({ LaunchTemplateName, Versions: ['1', '2'] }))
  expect(gone.SuccessfullyDeletedLaunchTemplateVersions?.map((one) => one.VersionNumber)).toEqual([1])
  expect(gone.UnsuccessfullyDeletedLaunchTemplateVersions?.map((one) => one.ResponseError?.Code)).toEqual([
    'unexpectedError',
  ])
  await client.send(new DeleteLaunchTemplateCommand({ LaunchTemplateName }))
  await expect(launch({ LaunchTemplateName })).rejects.toMatchObject({
    name: 'InvalidLaunchTemplateName.NotFoundException',
  })
  const InstanceIds = started.filter((name) => name !== '')
  const { TerminatingInstances } = await client.send(new TerminateInstancesCommand({ InstanceIds }))
  expect(TerminatingInstances).toHaveLength(InstanceIds.length)
})
