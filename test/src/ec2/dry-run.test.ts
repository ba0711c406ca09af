/** DryRun of every action that changes something, over the real operations and store: each is found to be possible, and nothing is written. */
import { ACTIONS } from '../../../src/ec2/actions/index'
import type { ComputeId, ImportId } from '../../../src/model/ids'
import type { Caller } from '../../../src/operations/context'
import type { Operations } from '../../../src/operations/operations'
import { call, codeOf, type Parameters, texts, xmlOf } from '../../support/ec2-call'
import { type Gateways, startGateways } from '../../support/gateways'
import { startRedis, type TestRedis } from '../../support/redis'

let redis: TestRedis
let site: Gateways
let caller: Caller
let operations: Operations
let watched: Operations
let words: Readonly<Record<string, Parameters>>
/** What the watched gateway wrote. */
const written: string[] = []

beforeAll(async () => {
  redis = await startRedis()
  site = await startGateways(redis)
  await site.probeHosts({ cpuHundredths: 1600, memoryMiB: 65_536, diskGiB: 1000 })
  caller = (await site.project('ann')).caller
  operations = site.first.operations
  const watching = await site.another((store) => ({
    ...store,
    change: (change, now) => {
      written.push(change.what)
      return store.change(change, now)
    },
  }))
  watched = watching.operations
  words = await orders()
})
afterAll(async () => {
  await site.close()
  await redis.stop()
})

/** EC2 has no DryRun of it. */
const WITHOUT: readonly string[] = ['ModifyInstancePlacement']
const CHANGING = ACTIONS.map(({ name }) => name).filter((name) => !/^(?:Describe|Get)/.test(name))

test.each(CHANGING.filter((name) => !WITHOUT.includes(name)))('%s', async (name) => {
  const { status, body } = await call(name, { ...words[name], DryRun: true }, { operations: watched, caller })
  expect([status, ...texts(body, 'Code')]).toEqual([412, 'DryRunOperation'])
  expect(written).toEqual([])
})

test.each(WITHOUT)('%s has none, and is refused with it', async (name) => {
  const order = { ...words[name], DryRun: true }
  expect(await codeOf(name, order, { operations: watched, caller })).toBe('UnknownParameter')
  expect(written).toEqual([])
})

test('the watched gateway is watched', async () => {
  await xmlOf('CreateKeyPair', { KeyName: 'other' }, { operations: watched, caller })
  expect(written.splice(0)).toHaveLength(1)
})

const ask = async (action: string, parameters: Parameters, tag: string): Promise<string> => {
  const [found] = texts(await xmlOf(action, parameters, { operations, caller }), tag)
  if (!found) throw new Error(`${action} answered no ${tag}`)
  return found
}
const image = () => operations.defaults().image?.wish.ami ?? ''

async function launched(more: Parameters = {}): Promise<{ readonly name: string; readonly id: ComputeId }> {
  const order = { ImageId: image(), InstanceType: 't2.nano', MinCount: 1, MaxCount: 1, ...more }
  const name = await ask('RunInstances', order, 'instanceId')
  const record = (await operations.listComputes(caller)).find(({ wish }) => wish.name === name)
  if (!record) throw new Error('no machine')
  await site.run(record.id)
  return { name, id: record.id }
}

async function stopped(): Promise<string> {
  const { name, id } = await launched()
  await xmlOf('StopInstances', { 'InstanceId.1': name }, { operations, caller })
  await site.observe(id, ({ seen }) => ({
    seen: { ...seen, machine: seen.machine && { ...seen.machine, domain: 'off', startedAt: null } },
  }))
  return name
}

async function completed(kind: 'snapshot' | 'imageimport', id: string, more: object): Promise<void> {
  const claim = await site.store.claim(kind, id as ImportId, site.clock.at)
  if (!claim) throw new Error(`no ${kind}`)
  const seen = { ...claim.record.seen, state: 'completed', completedAt: site.clock.at, ...more }
  await site.store.observe(claim, { seen, what: 'completed' }, site.clock.at)
}

async function snapshotOf(VolumeId: string): Promise<string> {
  const name = await ask('CreateSnapshot', { VolumeId }, 'snapshotId')
  const record = (await operations.listSnapshots(caller)).find(({ wish }) => wish.name === name)
  await completed('snapshot', record?.id ?? '', { percent: 100 })
  return name
}

/** An order of each action that could be carried out. */
async function orders(): Promise<Readonly<Record<string, Parameters>>> {
  return { ...(await ofMachines()), ...(await ofDisks()), ...(await ofNetworks()), ...(await ofOthers()) }
}

async function ofMachines(): Promise<Record<string, Parameters>> {
  const runs = { 'InstanceId.1': (await launched()).name }
  const off = { InstanceId: await stopped() }
  await ask('CreatePlacementGroup', { GroupName: 'near', Strategy: 'cluster' }, 'groupName')
  return {
    RunInstances: { ImageId: image(), MinCount: 1, MaxCount: 1 },
    StartInstances: { 'InstanceId.1': off.InstanceId },
    StopInstances: runs,
    RebootInstances: runs,
    TerminateInstances: runs,
    MonitorInstances: runs,
    UnmonitorInstances: { 'InstanceId.1': (await launched({ 'Monitoring.Enabled': true })).name },
    ModifyInstanceAttribute: { ...off, 'InstanceType.Value': 't2.micro' },
    ResetInstanceAttribute: { ...off, Attribute: 'sourceDestCheck' },
    ModifyInstanceMaintenanceOptions: { ...off, AutoRecovery: 'default' },
    ModifyInstanceMetadataOptions: { ...off, HttpTokens: 'required' },
    ModifyInstancePlacement: { ...off, GroupName: 'near' },
    CreateImage: { InstanceId: runs['InstanceId.1'], Name: 'of-machine' },
    CreateSnapshots: { 'InstanceSpecification.InstanceId': runs['InstanceId.1'] },
    CreatePlacementGroup: { GroupName: 'far', Strategy: 'spread' },
    DeletePlacementGroup: { GroupName: 'near' },
  }
}

async function ofDisks(): Promise<Record<string, Parameters>> {
  const order = { Size: 2, AvailabilityZone: `${site.site}a` }
  const { name: InstanceId } = await launched({ 'Placement.AvailabilityZone': order.AvailabilityZone })
  const VolumeId = await ask('CreateVolume', order, 'volumeId')
  const attached = await ask('CreateVolume', order, 'volumeId')
  await ask('AttachVolume', { VolumeId: attached, InstanceId, Device: '/dev/sdf' }, 'volumeId')
  const SnapshotId = await snapshotOf(VolumeId)
  const disk = { Name: 'of-snapshot', RootDeviceName: '/dev/sda1', 'BlockDeviceMapping.1.DeviceName': '/dev/sda1' }
  const registered = { ...disk, 'BlockDeviceMapping.1.Ebs.SnapshotId': await snapshotOf(VolumeId) }
  const ImageId = await ask('RegisterImage', registered, 'imageId')
  const shared = { 'CreateVolumePermission.Add.1.Group': 'all' }
  await xmlOf('ModifySnapshotAttribute', { SnapshotId, ...shared }, { operations, caller })
  return {
    CreateVolume: order,
    AttachVolume: { VolumeId, InstanceId, Device: '/dev/sdg' },
    DetachVolume: { VolumeId: attached },
    DeleteVolume: { VolumeId },
    ModifyVolume: { VolumeId, Size: 3 },
    ModifyVolumeAttribute: { VolumeId, 'AutoEnableIO.Value': true },
    CreateSnapshot: { VolumeId },
    CopySnapshot: { SourceSnapshotId: SnapshotId, SourceRegion: 'local-1' },
    DeleteSnapshot: { SnapshotId },
    ModifySnapshotAttribute: { SnapshotId, 'CreateVolumePermission.Add.1.UserId': '123456789012' },
    ResetSnapshotAttribute: { SnapshotId, Attribute: 'createVolumePermission' },
    RegisterImage: { ...registered, Name: 'another', 'BlockDeviceMapping.1.Ebs.SnapshotId': SnapshotId },
    CopyImage: { SourceImageId: image(), SourceRegion: 'local-1', Name: 'copied' },
    DeregisterImage: { ImageId },
    ModifyImageAttribute: { ImageId, 'Description.Value': 'x' },
    ResetImageAttribute: { ImageId, Attribute: 'launchPermission' },
    CreateTags: { 'ResourceId.1': VolumeId, 'Tag.1.Key': 'a', 'Tag.1.Value': 'b' },
    DeleteTags: { 'ResourceId.1': InstanceId, 'Tag.1.Key': 'Name' },
  }
}

async function ofNetworks(): Promise<Record<string, Parameters>> {
  const rule = { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, CidrIp: '10.0.0.0/8' }
  const told = (direction: string): Parameters => ({
    GroupId,
    'IpPermissions.1.IpProtocol': direction === 'in' ? 'tcp' : '-1',
    ...(direction === 'in' ? { 'IpPermissions.1.FromPort': 22, 'IpPermissions.1.ToPort': 22 } : {}),
    'IpPermissions.1.IpRanges.1.CidrIp': direction === 'in' ? rule.CidrIp : '0.0.0.0/0',
  })
  const GroupId = await ask('CreateSecurityGroup', { GroupName: 'web', GroupDescription: 'web' }, 'groupId')
  const ruleId = await ask('AuthorizeSecurityGroupIngress', { GroupId, ...rule }, 'securityGroupRuleId')
  const { name: InstanceId } = await launched()
  const AllocationId = await ask('AllocateAddress', {}, 'allocationId')
  const leading = await ask('AllocateAddress', {}, 'allocationId')
  const led = { AllocationId: leading, InstanceId }
  const AssociationId = await ask('AssociateAddress', led, 'associationId')
  const NetworkInterfaceId = await ask('DescribeNetworkInterfaces', {}, 'networkInterfaceId')
  const described = { 'IpPermissions.1.IpRanges.1.Description': 'x' }
  return {
    CreateSecurityGroup: { GroupName: 'db', GroupDescription: 'x' },
    DeleteSecurityGroup: { GroupId },
    AuthorizeSecurityGroupIngress: { GroupId, ...rule, ToPort: 23 },
    AuthorizeSecurityGroupEgress: { ...told('in') },
    RevokeSecurityGroupIngress: { GroupId, 'SecurityGroupRuleId.1': ruleId },
    RevokeSecurityGroupEgress: told('out'),
    UpdateSecurityGroupRuleDescriptionsIngress: { ...told('in'), ...described },
    UpdateSecurityGroupRuleDescriptionsEgress: { ...told('out'), ...described },
    ModifySecurityGroupRules: {
      GroupId,
      'SecurityGroupRule.1.SecurityGroupRuleId': ruleId,
      'SecurityGroupRule.1.SecurityGroupRule.IpProtocol': 'tcp',
      'SecurityGroupRule.1.SecurityGroupRule.FromPort': 80,
      'SecurityGroupRule.1.SecurityGroupRule.ToPort': 80,
      'SecurityGroupRule.1.SecurityGroupRule.CidrIpv4': rule.CidrIp,
    },
    AllocateAddress: {},
    AssociateAddress: { AllocationId, InstanceId, AllowReassociation: true },
    DisassociateAddress: { AssociationId },
    ReleaseAddress: { AllocationId },
    ModifyNetworkInterfaceAttribute: { NetworkInterfaceId, 'Description.Value': 'x' },
  }
}

async function ofOthers(): Promise<Record<string, Parameters>> {
  const data = { 'LaunchTemplateData.InstanceType': 't2.nano' }
  const template = { LaunchTemplateName: 'web' }
  await ask('CreateLaunchTemplate', { ...template, ...data }, 'launchTemplateId')
  await ask('CreateLaunchTemplateVersion', { ...template, ...data }, 'launchTemplateId')
  await ask('CreateKeyPair', { KeyName: 'mine' }, 'keyName')
  const places = { InstanceType: 't2.nano', InstancePlatform: 'Linux/UNIX', AvailabilityZone: `${site.site}a` }
  const reserved = { ...places, InstanceCount: 1 }
  const CapacityReservationId = await ask('CreateCapacityReservation', reserved, 'capacityReservationId')
  const url = 'https://files.example.org/disk.raw'
  const ImportTaskId = await ask('ImportSnapshot', { 'DiskContainer.Url': url }, 'importTaskId')
  return {
    CreateLaunchTemplate: { LaunchTemplateName: 'other', ...data },
    CreateLaunchTemplateVersion: { ...template, ...data },
    ModifyLaunchTemplate: { ...template, SetDefaultVersion: '2' },
    DeleteLaunchTemplateVersions: { ...template, 'LaunchTemplateVersion.1': '2' },
    DeleteLaunchTemplate: template,
    CreateKeyPair: { KeyName: 'new' },
    ImportKeyPair: {
      KeyName: 'known',
      PublicKeyMaterial: Buffer.from(
        'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKHEChAqhKrdOgp2PlrQnQtuVqNuhjxdA6UHKYN1fq8m x',
      ).toString('base64'),
    },
    DeleteKeyPair: { KeyName: 'mine' },
    CreateCapacityReservation: reserved,
    ModifyCapacityReservation: { CapacityReservationId, InstanceCount: 2 },
    CancelCapacityReservation: { CapacityReservationId },
    ImportImage: { 'DiskContainer.1.Url': url },
    ImportSnapshot: { 'DiskContainer.Url': url },
    CancelImportTask: { ImportTaskId },
  }
}
