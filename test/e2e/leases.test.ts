/**
 * Leases with the command line and the real `aws`, as docs/leases.md tells it: a machine that gives way is saved for two that begin together
 * at their start, and goes on when their time is over. The clock is a simulator's, which the test moves.
 */
import {
  describeWithAws,
  newData,
  occiGateway,
  removeData,
  run,
  startUp,
  tenantEnvironment,
  type Up,
} from '../support/gateway-process'
import { type StartedSimulator, startSimulator } from '../support/simulator'
import { until } from '../support/until'

const MINUTE = 60_000

describeWithAws('the aws client', (aws) => {
  const data = newData()
  let time: StartedSimulator
  let up: Up
  let passed = 0
  beforeAll(async () => {
    time = await startSimulator({ hosts: 1 })
    up = await startUp(data, ['--port', '0', '--clock', time.socket])
  })
  afterAll(async () => {
    await up.end('SIGINT')
    await time.close()
    removeData(data)
  })

  const call = (words: readonly string[]) => {
    const { ec2Url } = up.session()
    return run(aws, ['ec2', ...words, '--endpoint-url', ec2Url, '--output', 'text'], tenantEnvironment(up.session()))
  }
  const ec2 = async (...words: string[]): Promise<string> => {
    const { code, stdout, stderr } = await call(words)
    if (code !== 0) throw new Error(stderr)
    return stdout.trim()
  }
  const operator = async (...words: string[]): Promise<string> => {
    const { code, stdout, stderr } = await occiGateway([...words, '--data', data])
    if (code !== 0) throw new Error(`${words.join(' ')}: ${stderr}`)
    return stdout
  }
  const launch = (type: string, tags: Readonly<Record<string, string>>, count = 1): readonly string[] => [
    ...['run-instances', '--image-id', up.session().imageId, '--instance-type', type, '--count', String(count)],
    ...['--placement', 'AvailabilityZone=local-1a', '--query', 'Instances[].InstanceId'],
    '--tag-specifications',
    `ResourceType=instance,Tags=[${Object.entries(tags)
      .map(([key, value]) => `{Key=occi-gateway:${key},Value=${value}}`)
      .join(',')}]`,
  ]
  const asked = (id: string, what: string): Promise<string> =>
    ec2('describe-instances', '--instance-ids', id, '--query', `Reservations[0].Instances[0].${what}`)
  const is = (wanted: string, id: string) =>
    until(async () => (await asked(id, 'State.Name')) === wanted, { timeoutMs: 60_000, what: `${id} ${wanted}` })
  const advance = async (ms: number) => {
    passed += ms
    await time.admin.advance(ms)
  }
  const moment = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`

  test('a machine gives way to two that have a start, and goes on after them', async () => {
    await operator('type', 'add', 'whole.host', '--cores', '64', '--memory-mib', '65536')
    const old = await ec2(...launch(up.session().instanceType, { preemptible: 'true' }))
    await is('running', old)
    const start = Date.now() + passed + 6 * MINUTE
    const terms = {
      'lease-start': moment(start),
      'lease-duration': '1m',
      'lease-at-end': 'terminate',
      'lease-group': 'pair',
    }
    const ids = (await ec2(...launch('whole.host', terms, 2))).split(/\s+/)
    const [one = '', two = ''] = ids
    expect(ids).toHaveLength(2)
    await until(async () => (await asked(one, 'StateReason.Message')).startsWith('its lease is planned'), {
      timeoutMs: 60_000,
      what: 'a plan',
    })
    expect(await asked(one, 'StateReason.Message')).toContain(`begins at ${moment(start).replace('T', ' ')}`)
    const calendar = await operator('calendar', '--hours', '1', '--zone', 'local-1a')
    for (const id of ids) expect(calendar).toMatch(new RegExp(`^ +${id} planned +\\| *-+ *\\|$`, 'm'))
    await advance(start - (Date.now() + passed) - MINUTE - 20_000)
    await is('stopped', old)
    expect(await asked(old, 'StateReason.Code')).toBe('Server.SpotInstanceShutdown')
    await advance(25_000)
    for (const id of ids) await is('running', id)
    expect(await asked(two, 'State.Name')).toBe('running')
    await advance(start - (Date.now() + passed) + MINUTE)
    for (const id of ids) await is('terminated', id)
    await is('running', old)
    await ec2('terminate-instances', '--instance-ids', old)
    // Some thirty runs of `aws`, each of which takes seconds.
  }, 240_000)

  test.each([
    [{ 'lease-start': '2020-01-01T00:00:00Z' }, /InvalidParameterValue.*occi-gateway:lease-start: it lies in the past/],
    [{ 'lease-duration': 'long' }, /InvalidParameterValue.*occi-gateway:lease-duration: a duration such as/],
    [{ 'lease-deadline': '2036-01-01T00:00:00Z' }, /InvalidParameterCombination.*occi-gateway:lease-deadline: /],
  ])(
    '%p is refused by the name of its tag',
    async (tags, words) => {
      const { code, stderr } = await call(launch(up.session().instanceType, tags))
      expect(code).not.toBe(0)
      expect(stderr).toMatch(words)
    },
    60_000,
  )
})
