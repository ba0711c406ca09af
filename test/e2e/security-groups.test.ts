/** Security groups with the real `aws` client over one `up`: made, given rules, launched into, changed, refused while used. */
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
import { until } from '../support/until'

const group = z.object({
  GroupId: z.string(),
  GroupName: z.string(),
  IpPermissions: z.array(
    z.object({
      IpProtocol: z.string(),
      FromPort: z.number().optional(),
      IpRanges: z.array(z.object({ CidrIp: z.string(), Description: z.string().optional() })),
      UserIdGroupPairs: z.array(z.object({ GroupId: z.string() })),
    }),
  ),
})
const groups = z.object({ SecurityGroups: z.array(group) })
const made = z.object({ GroupId: z.string() })
const rules = z.object({ SecurityGroupRules: z.array(z.object({ SecurityGroupRuleId: z.string() })) })
const launched = z.object({
  Instances: z.array(
    z.object({ InstanceId: z.string(), SecurityGroups: z.array(z.object({ GroupName: z.string() })) }),
  ),
})
const states = z.object({
  Reservations: z.array(z.object({ Instances: z.array(z.object({ State: z.object({ Name: z.string() }) })) })),
})

describeWithAws('security groups', (aws) => {
  const data = newData()
  let up: Up
  let web = ''
  let instance = ''
  beforeAll(async () => {
    up = await startUp(data)
  })
  afterAll(async () => {
    await up.end('SIGINT')
    removeData(data)
  })
  const call = (...words: string[]) =>
    run(
      aws,
      ['ec2', ...words, '--endpoint-url', up.session().ec2Url, '--output', 'json'],
      tenantEnvironment(up.session()),
    )
  const ec2 = async (...words: string[]): Promise<unknown> => {
    const { code, stdout, stderr } = await call(...words)
    if (code !== 0) throw new Error(`aws ec2 ${words.join(' ')}: ${stderr}`)
    return stdout.trim() === '' ? undefined : JSON.parse(stdout)
  }
  const refusal = async (...words: string[]): Promise<string> => {
    const { code, stderr } = await call(...words)
    return code === 0 ? 'not refused' : stderr
  }
  const look = async (id: string) =>
    groups.parse(await ec2('describe-security-groups', '--group-ids', id)).SecurityGroups[0]

  test('a new tenant finds default, and makes another', async () => {
    const found = groups.parse(await ec2('describe-security-groups')).SecurityGroups
    expect(found.map(({ GroupName }) => GroupName)).toEqual(['default'])
    const words = ['--group-name', 'web', '--description', 'the web']
    web = made.parse(await ec2('create-security-group', ...words)).GroupId
    expect(await refusal('create-security-group', ...words)).toContain('InvalidGroup.Duplicate')
  })

  test('rules come, are shown, are described and go', async () => {
    const ssh = ['--protocol', 'tcp', '--port', '22', '--cidr', '10.1.2.3/16']
    await ec2('authorize-security-group-ingress', '--group-id', web, ...ssh)
    expect(await refusal('authorize-security-group-ingress', '--group-id', web, ...ssh)).toContain(
      'InvalidPermission.Duplicate',
    )
    await ec2('authorize-security-group-ingress', '--group-name', 'web', '--source-group', web, '--protocol', 'all')
    expect((await look(web))?.IpPermissions).toMatchObject([
      { IpProtocol: 'tcp', FromPort: 22, IpRanges: [{ CidrIp: '10.1.0.0/16' }] },
      { IpProtocol: '-1', UserIdGroupPairs: [{ GroupId: web }] },
    ])
    const described = 'IpProtocol=tcp,FromPort=22,ToPort=22,IpRanges=[{CidrIp=10.1.0.0/16,Description=ssh}]'
    await ec2('update-security-group-rule-descriptions-ingress', '--group-id', web, '--ip-permissions', described)
    expect((await look(web))?.IpPermissions[0]?.IpRanges[0]?.Description).toBe('ssh')
    const filter = ['--filters', `Name=group-id,Values=${web}`]
    const [first] = rules.parse(await ec2('describe-security-group-rules', ...filter)).SecurityGroupRules.slice(-1)
    const id = first?.SecurityGroupRuleId ?? ''
    await ec2('revoke-security-group-ingress', '--group-id', web, '--security-group-rule-ids', id)
    expect(
      await refusal('revoke-security-group-ingress', '--group-id', web, '--security-group-rule-ids', id),
    ).toContain('InvalidSecurityGroupRuleId.NotFound')
  }, 90_000)

  test('a machine is launched into it and runs; it is in use until the machine has another', async () => {
    const { imageId, instanceType } = up.session()
    const words = ['--image-id', imageId, '--instance-type', instanceType, '--security-group-ids', web]
    const [one] = launched.parse(await ec2('run-instances', ...words)).Instances
    instance = one?.InstanceId ?? ''
    expect(one?.SecurityGroups).toMatchObject([{ GroupName: 'web' }])
    await until(
      async () => {
        const { Reservations } = states.parse(await ec2('describe-instances', '--instance-ids', instance))
        const state = Reservations[0]?.Instances[0]?.State.Name
        if (state !== 'running') throw new Error(state)
        return true
      },
      { timeoutMs: 40_000, everyMs: 300, what: 'running' },
    )
    const used = await refusal('delete-security-group', '--group-id', web)
    expect(used).toContain('DependencyViolation')
    expect(used).toContain(instance)
    const found = groups.parse(await ec2('describe-security-groups', '--group-names', 'default')).SecurityGroups
    const other = found[0]?.GroupId ?? ''
    await ec2('modify-instance-attribute', '--instance-id', instance, '--groups', other)
    await ec2('delete-security-group', '--group-id', web)
    expect(await refusal('describe-security-groups', '--group-ids', web)).toContain('InvalidGroup.NotFound')
  }, 90_000)
})
