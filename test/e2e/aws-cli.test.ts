/** The real `aws` client: a whole life of three machines. */
import { z } from 'zod'
import {
  describeWithAws,
  newData,
  type Ran,
  removeData,
  run,
  startUp,
  tenantEnvironment,
  type Up,
} from '../support/gateway-process'
import { until } from '../support/until'

const instance = z.object({
  InstanceId: z.string(),
  State: z.object({ Name: z.string() }),
  Tags: z.array(z.object({ Key: z.string(), Value: z.string() })).optional(),
})
const started = z.object({ Instances: z.array(instance) })
const described = z.object({ Reservations: z.array(started) })

describeWithAws('the aws client', (aws) => {
  const data = newData()
  let up: Up
  let ids: readonly string[] = []

  beforeAll(async () => {
    up = await startUp(data)
  })
  afterAll(async () => {
    await up.end('SIGINT')
    removeData(data)
  })

  const call = (service: 'ec2' | 'iam' | 'sts', ...words: string[]): Promise<Ran> => {
    const { ec2Url } = up.session()
    return run(aws, [service, ...words, '--endpoint-url', ec2Url, '--output', 'json'], tenantEnvironment(up.session()))
  }
  const ec2 = async (...words: string[]): Promise<unknown> => {
    const { code, stdout, stderr } = await call('ec2', ...words)
    if (code !== 0) throw new Error(`aws ec2 ${words.join(' ')}: ${stderr}`)
    return stdout.trim() === '' ? undefined : JSON.parse(stdout)
  }
  const states = async () =>
    described
      .parse(await ec2('describe-instances', '--instance-ids', ...ids))
      .Reservations.flatMap((reservation) => reservation.Instances.map((it) => it.State.Name))
  const untilAll = (state: string) =>
    until(async () => (await states()).every((found) => found === state), { timeoutMs: 20_000, what: `all ${state}` })

  test('run-instances --count 3 with tags, until all run', async () => {
    const { imageId, instanceType } = up.session()
    const tags = 'ResourceType=instance,Tags=[{Key=role,Value=web},{Key=Name,Value=three of them}]'
    const made = started.parse(
      await ec2(
        'run-instances',
        '--image-id',
        imageId,
        '--instance-type',
        instanceType,
        '--count',
        '3',
        '--tag-specifications',
        tags,
      ),
    )
    ids = made.Instances.map((it) => it.InstanceId)
    expect(new Set(ids).size).toBe(3)
    expect(made.Instances[0]?.Tags).toContainEqual({ Key: 'role', Value: 'web' })
    await untilAll('running')
  })

  test('describe-instances filters by tag and state', async () => {
    const one = ids[0] ?? ''
    await ec2('create-tags', '--resources', one, '--tags', 'Key=first,Value=yes')
    const found = described.parse(
      await ec2(
        'describe-instances',
        '--filters',
        'Name=tag:first,Values=yes',
        'Name=instance-state-name,Values=running',
      ),
    )
    expect(found.Reservations.flatMap((it) => it.Instances).map((it) => it.InstanceId)).toEqual([one])
  })

  test('describe-instance-status, -images, -instance-types, -regions, -availability-zones, -tags', async () => {
    const count = async (words: string[], key: string) =>
      (z.record(z.string(), z.array(z.unknown())).parse(await ec2(...words))[key] ?? []).length
    expect(await count(['describe-instance-status'], 'InstanceStatuses')).toBe(3)
    expect(await count(['describe-images'], 'Images')).toBe(2)
    expect(await count(['describe-instance-types'], 'InstanceTypes')).toBeGreaterThan(5)
    expect(await count(['describe-regions'], 'Regions')).toBe(1)
    expect(await count(['describe-availability-zones'], 'AvailabilityZones')).toBe(4)
    expect(await count(['describe-tags'], 'Tags')).toBe(7)
  })

  test('stop, start, reboot, terminate', async () => {
    await ec2('stop-instances', '--instance-ids', ...ids)
    await untilAll('stopped')
    await ec2('start-instances', '--instance-ids', ...ids)
    await untilAll('running')
    await ec2('reboot-instances', '--instance-ids', ...ids)
    await ec2('terminate-instances', '--instance-ids', ...ids)
    await untilAll('terminated')
  })

  test('sts get-caller-identity names the account', async () => {
    const { code, stdout } = await call('sts', 'get-caller-identity')
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ Account: up.session().accountId })
  })

  test('an action that is not there yet is refused by name', async () => {
    const { code, stderr } = await call('ec2', 'describe-transit-gateways')
    expect(code).not.toBe(0)
    expect(stderr).toMatch(/UnsupportedOperation/)
  })

  test('a wrong secret is refused', async () => {
    const env = { ...tenantEnvironment(up.session()), AWS_SECRET_ACCESS_KEY: 'x'.repeat(40) }
    const { code, stderr } = await run(aws, ['ec2', 'describe-instances', '--endpoint-url', up.session().ec2Url], env)
    expect(code).not.toBe(0)
    expect(stderr).toMatch(/AuthFailure/)
  })

  test('iam: a second key, shown once, turned off and on, and deleted', async () => {
    const iam = async (...words: string[]): Promise<unknown> => {
      const { code, stdout, stderr } = await call('iam', ...words)
      if (code !== 0) throw new Error(`aws iam ${words.join(' ')}: ${stderr}`)
      return stdout.trim() === '' ? undefined : JSON.parse(stdout)
    }
    const listed = async () =>
      z
        .object({ AccessKeyMetadata: z.array(z.object({ AccessKeyId: z.string(), Status: z.string() })) })
        .parse(await iam('list-access-keys'))
        .AccessKeyMetadata.map(({ AccessKeyId, Status }) => [AccessKeyId, Status])
    const { AccessKey: made } = z
      .object({ AccessKey: z.object({ AccessKeyId: z.string(), SecretAccessKey: z.string() }) })
      .parse(await iam('create-access-key'))
    expect(made.SecretAccessKey).toHaveLength(40)
    const id = ['--access-key-id', made.AccessKeyId]
    const first = [up.session().accessKeyId, 'Active']
    expect(await listed()).toEqual([first, [made.AccessKeyId, 'Active']])
    await iam('update-access-key', ...id, '--status', 'Inactive')
    expect(await listed()).toEqual([first, [made.AccessKeyId, 'Inactive']])
    await iam('delete-access-key', ...id)
    expect(await listed()).toEqual([first])
    expect(await iam('get-user')).toMatchObject({ User: { UserName: up.session().user, Path: '/' } })
    expect(await iam('list-account-aliases')).toEqual({ AccountAliases: [up.session().user] })
    const { stderr } = await call('iam', 'delete-access-key', ...id)
    expect(stderr).toContain('(NoSuchEntity)')
  }, 120_000)
})
