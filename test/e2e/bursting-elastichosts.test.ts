/**
 * A cloud from `up`, and an account at a simulated ElasticHosts zone whose wire breaks: what no host here can take runs there, each machine
 * once, though answers are lost, requests arrive late and the worker is killed.
 */
import {
  DescribeInstancesCommand,
  EC2Client,
  RebootInstancesCommand,
  RunInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2'
import { type AdminClient, adminClient, findAccess } from '../../src/cli/admin-client'
import { watched } from '../../src/cli/commands/host/check'
import { type ElasticHostsSimulator, startElasticHosts } from '../clouds/elastichosts/simulator'
import { STANDARD } from '../clouds/elastichosts/world'
import { alive, newData, removeData, startUp, type Up } from '../support/gateway-process'
import { until } from '../support/until'

const COUNT = 5
const data = newData()
let home: Up
let zone: ElasticHostsSimulator
let tenant: EC2Client
let admin: AdminClient
let names: readonly string[] = []

beforeAll(async () => {
  zone = await startElasticHosts({ imagingMs: 1_500, obeysMs: 300 })
  home = await startUp(data, ['--port', '0', '--host-poll-ms', '1000'])
  const { region, ec2Url: endpoint, accessKeyId, secretAccessKey, imageId } = home.session()
  tenant = new EC2Client({ region, endpoint, credentials: { accessKeyId, secretAccessKey } })
  // A process for each command would cost more than what is tested.
  admin = adminClient(findAccess({ data, port: 0 }, {}))
  const { user: account, key: secret } = zone.account
  await admin.post('/providers', {
    ...{ name: 'elastic', kind: 'elastichosts', endpoint: zone.url, region: 'sat-p', account, secret },
  })
  const type = { name: 'small', cores: 1, memoryMiB: 1024, diskGiB: null, price: 11_600, count: 50 }
  await admin.patch('/providers/elastic', { type })
  await admin.patch('/providers/elastic', { images: { [imageId]: STANDARD[0].id } })
  for (const number of [1, 2, 3, 4, 5, 6, 7, 8]) await admin.post(`/hosts/sim-${number}/disable`)
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
  expect(await watched(admin, '/providers/elastic/check', 'elastic')).toMatchObject({ fit: true })
  const wrong = admin.patch('/providers/elastic', { settings: { format: 'xml' } })
  await expect(wrong).rejects.toMatchObject({ message: 'format is one of json, text' })
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

test('its owner reboots and stops it like every other; a second one that arrives meanwhile is gone at the next poll', async () => {
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
  expect(JSON.stringify(await admin.get('/providers/elastic'))).not.toContain(zone.account.key)
}, 150_000)
