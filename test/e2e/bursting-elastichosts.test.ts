/**
 * A cloud from `up`, and an account at a simulated ElasticHosts zone whose wire breaks: what no host here can take runs there, each machine
 * once, though answers are lost, requests arrive late and the worker is killed.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  DescribeInstancesCommand,
  EC2Client,
  RebootInstancesCommand,
  RunInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2'
import { type ElasticHostsSimulator, startElasticHosts } from '../clouds/elastichosts/simulator'
import { STANDARD } from '../clouds/elastichosts/world'
import { alive, newData, occiGateway, removeData, startUp, type Up } from '../support/gateway-process'
import { until } from '../support/until'

const COUNT = 5
const data = newData()
let home: Up
let zone: ElasticHostsSimulator
let tenant: EC2Client
let names: readonly string[] = []

/** One command; its answer as JSON. */
async function order(...words: readonly string[]): Promise<unknown> {
  const ran = await occiGateway([...words, '--data', data, '--json'])
  if (ran.code !== 0) throw new Error(`${words.join(' ')}: ${ran.stderr}`)
  return JSON.parse(ran.stdout)
}

beforeAll(async () => {
  zone = await startElasticHosts({ imagingMs: 1_500, obeysMs: 300 })
  home = await startUp(data, ['--port', '0', '--host-poll-ms', '1000'])
  const { region, ec2Url: endpoint, accessKeyId, secretAccessKey, imageId } = home.session()
  tenant = new EC2Client({ region, endpoint, credentials: { accessKeyId, secretAccessKey } })
  const secret = join(data, 'zone-key')
  writeFileSync(secret, `${zone.account.key}\n`, { mode: 0o600 })
  const account = ['--region', 'sat-p', '--account', zone.account.user, '--secret-file', secret]
  await order('provider', 'add', 'elastic', '--kind', 'elastichosts', '--endpoint', zone.url, ...account)
  const amounts = ['--cores', '1', '--memory-mib', '1024', '--price', '0.0116', '--count', '50']
  await order('provider', 'type', 'elastic', 'small', ...amounts)
  await order('provider', 'image', 'elastic', imageId, STANDARD[0].id)
  for (const number of [1, 2, 3, 4, 5, 6, 7, 8]) await order('host', 'disable', `sim-${number}`)
}, 90_000)
afterAll(async () => {
  tenant?.destroy()
  await home?.end('SIGINT')
  await zone?.close()
  removeData(data)
})

const servers = () => [...zone.world.servers.values()]
const drives = () => [...zone.world.drives.values()].filter(({ user }) => user === zone.account.user)
const running = () => servers().flatMap(({ status, config }) => (status === 'active' ? [config['user:vm']] : []))

/** What its owner sees of each that is not terminated. */
async function seen(): Promise<readonly string[]> {
  const { Reservations = [] } = await tenant.send(new DescribeInstancesCommand({}))
  const all = Reservations.flatMap(({ Instances = [] }) => Instances)
  return all.flatMap(({ State }) => (State?.Name === 'terminated' ? [] : [State?.Name ?? '']))
}
const allSeen = async (state: string): Promise<boolean> => {
  const states = await seen()
  return states.length === COUNT && states.every((one) => one === state)
}
/** Each machine is there once, with a root disk and the one that tells it who it is. */
const eachOnce = (): boolean =>
  JSON.stringify(running().toSorted()) === JSON.stringify([...names].toSorted()) && drives().length === 2 * COUNT

test('the zone knows the account and the image; a setting that it does not know is refused by name', async () => {
  expect(await order('provider', 'check', 'elastic')).toMatchObject({ fit: true })
  await expect(order('provider', 'set', 'elastic', '--setting', 'format=xml')).rejects.toThrow(/format.*json/)
}, 60_000)

test('machines run there, once each, though the wire breaks and the worker is killed', async () => {
  for (const what of ['cut after', 'cut before', 'cut, done late'] as const) {
    zone.troubles.add({ on: /^POST \/drives\/create/, trouble: { what } })
    zone.troubles.add({ on: /^POST \/servers\/create/, trouble: { what } })
    zone.troubles.add({ on: /^POST \/drives\/[^/]+\/image/, trouble: { what } })
  }
  const { imageId, instanceType } = home.session()
  const asked = { ImageId: imageId, InstanceType: instanceType as 't2.nano', MinCount: COUNT, MaxCount: COUNT }
  names = ((await tenant.send(new RunInstancesCommand(asked))).Instances ?? []).map(({ InstanceId = '' }) => InstanceId)
  await until(() => drives().length > 0, { timeoutMs: 60_000, what: 'the first drive' })
  const pid = home.pidOf('worker')
  process.kill(pid, 'SIGKILL')
  await until(() => !alive(pid), { what: 'the worker to be gone' })
  await until(() => allSeen('running'), { timeoutMs: 120_000, what: 'all of them to run', everyMs: 500 })
  zone.arrive()
  await until(eachOnce, { timeoutMs: 30_000, what: 'what is there twice to be gone', everyMs: 200 })
}, 240_000)

test('its owner reboots and stops it as any other; a second one that arrives meanwhile is gone at the next poll', async () => {
  const [name = ''] = names
  const server = () => servers().find(({ config }) => config['user:vm'] === name)
  const started = server()?.started ?? 0
  await until(() => Date.now() / 1000 > started + 2, { what: 'the next second' })
  await tenant.send(new RebootInstancesCommand({ InstanceIds: [name] }))
  await until(() => (server()?.started ?? 0) > started, { timeoutMs: 60_000, what: 'it to be started again' })
  await tenant.send(new StopInstancesCommand({ InstanceIds: [name] }))
  await until(() => server()?.status === 'stopped', { timeoutMs: 60_000, what: 'it to be stopped' })
  const kept = server()
  if (!kept) throw new Error('its server is gone')
  const late = { ...kept, id: '00000000-0000-4000-8000-000000000001', config: { ...kept.config, 'user:epoch': '1.1' } }
  zone.world.servers.set(late.id, { ...late, status: 'active' })
  await until(() => !zone.world.servers.has(late.id), { timeoutMs: 30_000, what: 'the second one to be gone' })
  expect(server()).toBe(kept)
}, 180_000)

test('what is terminated here is gone there, and the key was told to nobody', async () => {
  await tenant.send(new TerminateInstancesCommand({ InstanceIds: [...names] }))
  await until(() => servers().length === 0 && drives().length === 0, { timeoutMs: 90_000, what: 'all to be gone' })
  await until(async () => (await seen()).length === 0, { timeoutMs: 30_000, what: 'all to be seen terminated' })
  expect(home.output()).not.toContain(zone.account.key)
  expect(JSON.stringify(await order('provider', 'show', 'elastic'))).not.toContain(zone.account.key)
}, 150_000)
