/** Public addresses with the real `aws` client over one `up`: leased, led to a machine, moved to another while its worker is killed, given back. */
import { z } from 'zod'
import {
  alive,
  describeWithAws,
  newData,
  occiGateway,
  removeData,
  run,
  startUp,
  tenantEnvironment,
  type Up,
} from '../support/gateway-process'
import { until } from '../support/until'

const allocated = z.object({ AllocationId: z.string(), PublicIp: z.string(), Domain: z.literal('vpc') })
const address = z.object({
  PublicIp: z.string(),
  InstanceId: z.string().optional(),
  AssociationId: z.string().optional(),
  Tags: z.array(z.object({ Key: z.string(), Value: z.string() })).default([]),
})
const addresses = z.object({ Addresses: z.array(address) })
const launched = z.object({ Instances: z.array(z.object({ InstanceId: z.string() })) })
const described = z.object({
  Reservations: z.array(
    z.object({ Instances: z.array(z.object({ InstanceId: z.string(), PublicIpAddress: z.string().optional() })) }),
  ),
})
const interfaces = z.object({
  NetworkInterfaces: z.array(
    z.object({ NetworkInterfaceId: z.string(), Association: z.object({ PublicIp: z.string() }).optional() }),
  ),
})
const listed = z.array(z.object({ ip: z.string(), state: z.string(), machine: z.string().nullable() }))

describeWithAws('public addresses', (aws) => {
  const data = newData()
  let up: Up
  let id = ''
  let ip = ''
  let instances: readonly string[] = []
  beforeAll(async () => {
    up = await startUp(data)
  })
  afterAll(async () => {
    await up.end('SIGINT')
    removeData(data)
  })
  const call = (...words: string[]) => {
    const more = ['--endpoint-url', up.session().ec2Url, '--output', 'json']
    return run(aws, ['ec2', ...words, ...more], tenantEnvironment(up.session()))
  }
  const ec2 = async (...words: string[]): Promise<unknown> => {
    const { code, stdout, stderr } = await call(...words)
    if (code !== 0) throw new Error(`aws ec2 ${words.join(' ')}: ${stderr}`)
    return stdout.trim() === '' ? undefined : JSON.parse(stdout)
  }
  const look = async () => addresses.parse(await ec2('describe-addresses', '--allocation-ids', id)).Addresses[0]
  /** What operators are told: whether its host has it lead to the machine. */
  const leadsTo = async (machine: string) => {
    const found = listed.parse(JSON.parse((await occiGateway(['address', 'list', '--json', '--data', data])).stdout))
    return found.some((one) => one.ip === ip && one.state === 'associated' && one.machine === machine)
  }
  const untilItLeadsTo = (machine: string) =>
    until(() => leadsTo(machine), { timeoutMs: 40_000, everyMs: 300, what: `${ip} to lead to ${machine}` })

  test('an address is leased with a tag, and two machines run', async () => {
    const tags = 'ResourceType=elastic-ip,Tags=[{Key=Name,Value=www}]'
    const made = allocated.parse(await ec2('allocate-address', '--domain', 'vpc', '--tag-specifications', tags))
    id = made.AllocationId
    ip = made.PublicIp
    expect(await look()).toMatchObject({ PublicIp: ip, InstanceId: '', Tags: [{ Key: 'Name', Value: 'www' }] })
    const { imageId, instanceType } = up.session()
    const words = ['--image-id', imageId, '--instance-type', instanceType, '--count', '2']
    instances = launched.parse(await ec2('run-instances', ...words)).Instances.map(({ InstanceId }) => InstanceId)
    await ec2('wait', 'instance-running', '--instance-ids', ...instances)
  }, 90_000)

  test('it leads to one of them, and everything shows it', async () => {
    const [one = ''] = instances
    await ec2('associate-address', '--allocation-id', id, '--instance-id', one)
    await untilItLeadsTo(one)
    const found = described.parse(await ec2('describe-instances', '--filters', `Name=ip-address,Values=${ip}`))
    expect(found.Reservations.flatMap(({ Instances }) => Instances)).toMatchObject([
      { InstanceId: one, PublicIpAddress: ip },
    ])
    const nics = interfaces.parse(
      await ec2('describe-network-interfaces', '--filters', `Name=attachment.instance-id,Values=${one}`),
    )
    expect(nics.NetworkInterfaces).toMatchObject([{ Association: { PublicIp: ip } }])
    const release = await call('release-address', '--allocation-id', id)
    expect(release.stderr).toContain('InvalidIPAddress.InUse')
  }, 60_000)

  test('it goes to the other one while the worker is killed', async () => {
    const [one = '', two = ''] = instances
    const again = await call(
      'associate-address',
      '--allocation-id',
      id,
      '--instance-id',
      two,
      '--no-allow-reassociation',
    )
    expect(again.stderr).toContain('Resource.AlreadyAssociated')
    const pid = up.pidOf('worker')
    process.kill(pid, 'SIGSTOP')
    await ec2('associate-address', '--allocation-id', id, '--instance-id', two)
    process.kill(pid, 'SIGKILL')
    await until(() => !alive(pid), { what: 'the worker to be gone' })
    await untilItLeadsTo(two)
    expect(await leadsTo(one)).toBe(false)
  }, 90_000)

  test('it is taken from its machine and given back in one breath', async () => {
    const { AssociationId = '' } = (await look()) ?? {}
    await ec2('disassociate-address', '--association-id', AssociationId)
    await ec2('release-address', '--allocation-id', id)
    expect((await call('describe-addresses', '--allocation-ids', id)).stderr).toContain('InvalidAllocationID.NotFound')
    expect(await ec2('describe-addresses')).toEqual({ Addresses: [] })
  }, 60_000)
})
