/** Reservations with the command line and the real `aws`, as docs/reservations.md tells it: held, used, given way to, and given back. */
import { z } from 'zod'
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
import { until } from '../support/until'

describeWithAws('the aws client', (aws) => {
  const data = newData()
  let up: Up
  beforeAll(async () => {
    up = await startUp(data)
  })
  afterAll(async () => {
    await up.end('SIGINT')
    removeData(data)
  })

  const ec2 = async (...words: string[]): Promise<string> => {
    const { ec2Url } = up.session()
    const call = ['ec2', ...words, '--endpoint-url', ec2Url, '--output', 'text']
    const { code, stdout, stderr } = await run(aws, call, tenantEnvironment(up.session()))
    if (code !== 0) throw new Error(stderr)
    return stdout.trim()
  }
  const operator = async (...words: string[]): Promise<string> => {
    const { code, stdout, stderr } = await occiGateway([...words, '--data', data])
    if (code !== 0) throw new Error(`${words.join(' ')}: ${stderr}`)
    return stdout
  }
  const launch = (...words: string[]): Promise<string> =>
    ec2(
      ...['run-instances', '--image-id', up.session().imageId, '--instance-type', up.session().instanceType],
      ...['--placement', 'AvailabilityZone=local-1a', '--query', 'Instances[0].InstanceId', ...words],
    )
  const state = (id: string): Promise<string> =>
    ec2('describe-instances', '--instance-ids', id, '--query', 'Reservations[0].Instances[0].State.Name')
  const isIn = (wanted: string, id: string) =>
    until(async () => (await state(id)) === wanted, { timeoutMs: 20_000, what: `${id} ${wanted}` })

  test('a reservation is held, and an instance takes one of its places', async () => {
    const { instanceType } = up.session()
    const id = await ec2(
      ...['create-capacity-reservation', '--instance-type', instanceType, '--instance-platform', 'Linux/UNIX'],
      ...['--availability-zone', 'local-1a', '--instance-count', '2'],
      ...['--query', 'CapacityReservation.CapacityReservationId'],
    )
    const instance = await launch()
    await isIn('running', instance)
    const free = ['--query', 'CapacityReservations[0].[State,AvailableInstanceCount]']
    expect(await ec2('describe-capacity-reservations', ...free)).toMatch(/^active\s+1$/)
    expect(await operator('reservation', 'show', id)).toMatch(/^hosts +sim-\d \(1 of 2 used\)$/m)
    await ec2('cancel-capacity-reservation', '--capacity-reservation-id', id)
    expect(await operator('reservation', 'list')).toContain('cancelled')
    expect(await state(instance)).toBe('running')
    await ec2('terminate-instances', '--instance-ids', instance)
  })

  test('an instance that gives way is saved for a reservation and goes on after it', async () => {
    await operator('type', 'add', 'whole.host', '--cores', '64', '--memory-mib', '65536')
    const tag = 'ResourceType=instance,Tags=[{Key=occi-gateway:preemptible,Value=true}]'
    const instance = await launch('--tag-specifications', tag)
    await isIn('running', instance)
    const { projects } = z
      .object({ projects: z.array(z.looseObject({ name: z.string() })) })
      .or(z.array(z.looseObject({ name: z.string() })).transform((found) => ({ projects: found })))
      .parse(JSON.parse(await operator('project', 'list', '--json')))
    const project = projects[0]?.name ?? ''
    const made = await operator(
      ...['reservation', 'create', project, '--type', 'whole.host', '--count', '2', '--zone', 'local-1a'],
      ...['--for', '1h', '--title', 'release day'],
    )
    const name = /^reservation +(cr-\S+)$/m.exec(made)?.[1] ?? ''
    expect(made).toMatch(/^state +assessing$/m)
    await isIn('stopped', instance)
    const reason = ['--query', 'Reservations[0].Instances[0].StateReason.[Code,Message]']
    expect(await ec2('describe-instances', '--instance-ids', instance, ...reason)).toMatch(
      /^Server.SpotInstanceShutdown\s+it gave its place to a reservation: its memory is saved/,
    )
    await until(async () => /^state +active$/m.test(await operator('reservation', 'show', name)), {
      timeoutMs: 20_000,
      what: 'an active reservation',
    })
    await operator('reservation', 'cancel', name)
    await isIn('running', instance)
  })
})
