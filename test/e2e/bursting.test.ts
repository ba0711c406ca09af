/**
 * Two clouds from two `up`s on one machine: what no host here can take runs at the partner, by EC2. The worker is killed in the middle,
 * and each machine is there once; its owner sees it like every other.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  DescribeInstancesCommand,
  EC2Client,
  type Instance,
  RunInstancesCommand,
  StartInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2'
import { adminClient, findAccess } from '../../src/cli/admin-client'
import { alive, newData, occiGateway, removeData, type Session, startUp, type Up } from '../support/gateway-process'
import { occiClient } from '../support/occi-client'
import { until } from '../support/until'

const COUNT = 12
const here = newData()
const there = newData()
let home: Up
let partner: Up
let tenant: EC2Client
let guest: EC2Client

const clientOf = ({ region, ec2Url: endpoint, accessKeyId, secretAccessKey }: Session): EC2Client =>
  new EC2Client({ region, endpoint, credentials: { accessKeyId, secretAccessKey } })

const ask = (path: string): Promise<unknown> => adminClient(findAccess({ data: here, port: 0 }, {})).get(path)

/** One command at home; its answer as JSON. */
async function order(...words: readonly string[]): Promise<unknown> {
  const ran = await occiGateway([...words, '--data', here, '--json'])
  if (ran.code !== 0) throw new Error(`${words.join(' ')}: ${ran.stderr}`)
  return JSON.parse(ran.stdout)
}

beforeAll(async () => {
  partner = await startUp(there, ['--port', '0', '--region', 'partner-1'])
  home = await startUp(here, ['--port', '0', '--host-poll-ms', '1000'])
  tenant = clientOf(home.session())
  guest = clientOf(partner.session())
  const { accessKeyId, secretAccessKey, ec2Url, imageId } = partner.session()
  const secret = join(here, 'partner-secret')
  writeFileSync(secret, `${secretAccessKey}\n`, { mode: 0o600 })
  const account = ['--region', 'partner-1', '--account', accessKeyId, '--secret-file', secret]
  await order('provider', 'add', 'partner', '--kind', 'ec2', '--endpoint', ec2Url, ...account)
  const amounts = ['--cores', '2', '--memory-mib', '4096', '--price', '0.0116', '--count', '50']
  await order('provider', 'type', 'partner', 't2.medium', ...amounts)
  await order('provider', 'image', 'partner', home.session().imageId, imageId)
}, 60_000)
afterAll(async () => {
  tenant?.destroy()
  guest?.destroy()
  await home?.end('SIGINT')
  await partner?.end('SIGINT')
  for (const data of [here, there]) removeData(data)
})

async function instancesOf(client: EC2Client): Promise<readonly Instance[]> {
  const found = await client.send(new DescribeInstancesCommand({}))
  return (found.Reservations ?? []).flatMap(({ Instances = [] }) => Instances)
}
const stateOf = ({ State }: Instance): string => State?.Name ?? ''
const alivesOf = async (client: EC2Client) => (await instancesOf(client)).filter((one) => stateOf(one) !== 'terminated')
const markOf = ({ Tags = [] }: Instance): string =>
  Tags.find(({ Key }) => Key === 'occi-gateway.machine')?.Value ?? 'none'

/** All of ours are in that state, each once at the partner. */
const allThere = async (state: string, names: readonly string[]): Promise<boolean> => {
  const [ours, theirs] = await Promise.all([alivesOf(tenant), alivesOf(guest)])
  return (
    ours.length === names.length &&
    [...ours, ...theirs].every((one) => stateOf(one) === state) &&
    JSON.stringify(theirs.map(markOf).toSorted()) === JSON.stringify([...names].toSorted())
  )
}

let names: readonly string[] = []

test('the partner knows the account, the image and the type', async () => {
  expect(await order('provider', 'check', 'partner')).toMatchObject({ fit: true })
}, 30_000)

test('with no host here that takes them, machines run at the partner, once each, though the worker is killed', async () => {
  const admin = adminClient(findAccess({ data: here, port: 0 }, {}))
  for (const number of [1, 2, 3, 4, 5, 6, 7, 8]) await admin.post(`/hosts/sim-${number}/disable`)
  const { imageId, instanceType } = home.session()
  const asked = { ImageId: imageId, InstanceType: instanceType as 't2.nano', MinCount: COUNT, MaxCount: COUNT }
  names = ((await tenant.send(new RunInstancesCommand(asked))).Instances ?? []).map(({ InstanceId = '' }) => InstanceId)
  expect(names).toHaveLength(COUNT)
  await until(async () => (await alivesOf(guest)).length > 0, { timeoutMs: 30_000, what: 'the first one there' })
  const pid = home.pidOf('worker')
  process.kill(pid, 'SIGKILL')
  await until(() => !alive(pid), { what: 'the worker to be gone' })
  await until(() => allThere('running', names), { timeoutMs: 90_000, what: 'all of them to run', everyMs: 500 })
}, 150_000)

test('explain and show say where it went and why', async () => {
  const [name = ''] = names
  const told = (await ask(`/instances/${name}/explain`)) as { hosts: { host: string; because: string[] }[] }
  expect(told.hosts.find(({ host }) => host === 'sim-1')?.because).toEqual(['is disabled'])
  expect(told.hosts.find(({ host }) => host === 'partner')?.because).toEqual([])
  expect(await ask(`/instances/${name}`)).toMatchObject({ host: 'partner' })
  expect(await order('provider', 'show', 'partner')).toMatchObject({ machines: COUNT, contact: 'ok' })
}, 30_000)

test('its owner stops and starts it like every other, and what cannot be is refused with the reason', async () => {
  const [name = ''] = names
  await tenant.send(new StopInstancesCommand({ InstanceIds: [name] }))
  const both = async (state: string) => {
    const [ours, theirs] = await Promise.all([instancesOf(tenant), instancesOf(guest)])
    const [one, other] = [ours.find(({ InstanceId }) => InstanceId === name), theirs.find((it) => markOf(it) === name)]
    return one && other && stateOf(one) === state && stateOf(other) === state
  }
  await until(() => both('stopped'), { timeoutMs: 30_000, what: 'it to be stopped' })
  await tenant.send(new StartInstancesCommand({ InstanceIds: [name] }))
  await until(() => both('running'), { timeoutMs: 30_000, what: 'it to run again' })

  const occi = occiClient(home.session())
  const found = (await ask(`/instances/${name}`)) as { id: string }
  const suspended = await occi('POST', `compute/${found.id}?action=suspend`, {
    'content-type': 'text/occi',
    category: 'suspend; scheme="http://schemas.ogf.org/occi/infrastructure/compute/action#"; class="action"',
  })
  expect(suspended.status).toBe(501)
  expect(suspended.body).toMatch(/no access to the hypervisor/)
  expect(await both('running')).toBe(true)
}, 90_000)

test('what is terminated here is gone there', async () => {
  await tenant.send(new TerminateInstancesCommand({ InstanceIds: [...names] }))
  await until(async () => (await alivesOf(guest)).length === 0 && (await alivesOf(tenant)).length === 0, {
    timeoutMs: 60_000,
    what: 'all of them to be gone',
  })
  expect(await ask('/providers/partner')).toMatchObject({ machines: 0 })
}, 90_000)
