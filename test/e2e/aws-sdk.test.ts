/** Amazon's own client library, with its waiters. */
import {
  CreateTagsCommand,
  DescribeInstancesCommand,
  EC2Client,
  EC2ServiceException,
  paginateDescribeInstances,
  RunInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
  waitUntilInstanceRunning,
  waitUntilInstanceStopped,
  waitUntilInstanceTerminated,
} from '@aws-sdk/client-ec2'
import { GetCallerIdentityCommand, GetSessionTokenCommand, STSClient } from '@aws-sdk/client-sts'
import { newData, removeData, startUp, type Up } from '../support/gateway-process'

const data = newData()
let up: Up
let client: EC2Client

beforeAll(async () => {
  up = await startUp(data)
  client = new EC2Client(settings())
})
afterAll(async () => {
  client.destroy()
  await up.end('SIGINT')
  removeData(data)
})

const settings = () => {
  const { region, ec2Url, accessKeyId, secretAccessKey } = up.session()
  return { region, endpoint: ec2Url, credentials: { accessKeyId, secretAccessKey }, maxAttempts: 1 }
}
const quick = () => ({ client, maxWaitTime: 20, minDelay: 1, maxDelay: 1 })
const order = (count: number) => {
  const { imageId } = up.session()
  return { ImageId: imageId, InstanceType: 't2.micro' as const, MinCount: count, MaxCount: count }
}
const idsOf = (instances: readonly { InstanceId?: string | undefined }[] | undefined) =>
  (instances ?? []).map((it) => it.InstanceId ?? '')

test('a whole life, by the waiters', async () => {
  const made = await client.send(new RunInstancesCommand(order(2)))
  const InstanceIds = idsOf(made.Instances)
  expect(made.Instances?.map((it) => it.InstanceType)).toEqual(['t2.micro', 't2.micro'])
  expect((await waitUntilInstanceRunning(quick(), { InstanceIds })).state).toBe('SUCCESS')
  await client.send(new StopInstancesCommand({ InstanceIds }))
  expect((await waitUntilInstanceStopped(quick(), { InstanceIds })).state).toBe('SUCCESS')
  await client.send(new TerminateInstancesCommand({ InstanceIds }))
  expect((await waitUntilInstanceTerminated(quick(), { InstanceIds })).state).toBe('SUCCESS')
})

test('the same ClientToken gives the same machine; with other parameters it is refused', async () => {
  const ClientToken = 'order-1'
  const first = await client.send(new RunInstancesCommand({ ...order(1), ClientToken }))
  const again = await client.send(new RunInstancesCommand({ ...order(1), ClientToken }))
  expect(idsOf(again.Instances)).toEqual(idsOf(first.Instances))
  const other = client.send(new RunInstancesCommand({ ...order(2), ClientToken }))
  await expect(other).rejects.toMatchObject({ name: 'IdempotentParameterMismatch' })
})

test('pages through many', async () => {
  const made = await client.send(new RunInstancesCommand(order(12)))
  const wanted = idsOf(made.Instances)
  await client.send(new CreateTagsCommand({ Resources: wanted, Tags: [{ Key: 'batch', Value: 'twelve' }] }))
  const found: string[] = []
  let pages = 0
  const filter = { Filters: [{ Name: 'tag:batch', Values: ['twelve'] }] }
  for await (const page of paginateDescribeInstances({ client, pageSize: 5 }, filter)) {
    pages += 1
    found.push(...(page.Reservations ?? []).flatMap((it) => idsOf(it.Instances)))
  }
  expect(found.toSorted()).toEqual(wanted.toSorted())
  expect(pages).toBeGreaterThanOrEqual(1)
})

test('errors have their code and a request id', async () => {
  const asked = client.send(new DescribeInstancesCommand({ InstanceIds: ['i-0123456789abcdef0'] }))
  const error = await asked.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(EC2ServiceException)
  expect(error).toMatchObject({
    name: 'InvalidInstanceID.NotFound',
    $metadata: { httpStatusCode: 400, requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) },
  })
})

test('STS tells who asks', async () => {
  const sts = new STSClient(settings())
  const { Account, Arn } = await sts.send(new GetCallerIdentityCommand({}))
  sts.destroy()
  expect(Account).toBe(up.session().accountId)
  expect(Arn).toBe(`arn:aws:iam::${Account}:user/${up.session().user}`)
})

test('temporary credentials from GetSessionToken run a machine as their key does', async () => {
  const sts = new STSClient(settings())
  const { Credentials: made } = await sts.send(new GetSessionTokenCommand({ DurationSeconds: 900 }))
  sts.destroy()
  expect(made?.Expiration?.getTime()).toBeGreaterThan(Date.now() + 800_000)
  const credentials = {
    accessKeyId: made?.AccessKeyId ?? '',
    secretAccessKey: made?.SecretAccessKey ?? '',
    sessionToken: made?.SessionToken ?? '',
  }
  const guest = new EC2Client({ ...settings(), credentials })
  const started = await guest.send(new RunInstancesCommand(order(1)))
  await guest.send(new TerminateInstancesCommand({ InstanceIds: idsOf(started.Instances) }))
  guest.destroy()
  const stranger = new EC2Client({ ...settings(), credentials: { ...credentials, sessionToken: 'none' } })
  await expect(stranger.send(new DescribeInstancesCommand({}))).rejects.toMatchObject({ name: 'AuthFailure' })
  stranger.destroy()
})
