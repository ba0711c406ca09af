/**
 * An image that a provider lacks: no machine of it goes there, and explain says so. `image upload-to` brings it, though the worker is killed
 * in the middle; then the machine that waited runs there.
 */
import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DescribeInstancesCommand, EC2Client, RunInstancesCommand } from '@aws-sdk/client-ec2'
import { type AdminClient, adminClient, findAccess } from '../../src/cli/admin-client'
import { type ElasticHostsSimulator, startElasticHosts } from '../clouds/elastichosts/simulator'
import { alive, newData, occiGateway, removeData, startUp, type Up } from '../support/gateway-process'
import { contentsOf } from '../support/image-exports'
import { until } from '../support/until'

const FILE = randomBytes(9 * 1024 * 1024 + 512)
const data = newData()
let home: Up
let zone: ElasticHostsSimulator
let tenant: EC2Client
let admin: AdminClient
let name = ''

beforeAll(async () => {
  zone = await startElasticHosts({ imagingMs: 500 })
  home = await startUp(data, ['--port', '0', '--host-poll-ms', '1000'])
  const { region, ec2Url: endpoint, accessKeyId, secretAccessKey } = home.session()
  tenant = new EC2Client({ region, endpoint, credentials: { accessKeyId, secretAccessKey } })
  admin = adminClient(findAccess({ data, port: 0 }, {}))
  const { user: account, key: secret } = zone.account
  const where = { kind: 'elastichosts', endpoint: zone.url, region: 'sat-p', account, secret }
  await admin.post('/providers', { name: 'elastic', ...where })
  const type = { name: 'small', cores: 1, memoryMiB: 1024, diskGiB: null, price: 11_600, count: 50 }
  await admin.patch('/providers/elastic', { type })
  for (const number of [1, 2, 3, 4, 5, 6, 7, 8]) await admin.post(`/hosts/sim-${number}/disable`)
}, 90_000)
afterAll(async () => {
  tenant?.destroy()
  await home?.end('SIGINT')
  await zone?.close()
  removeData(data)
})

const cli = async (...words: string[]): Promise<string> => {
  const { code, stdout, stderr } = await occiGateway([...words, '--data', data])
  if (code !== 0) throw new Error(`${words.join(' ')}: ${stderr}`)
  return stdout
}
const drives = () => [...zone.world.drives.values()].filter(({ config }) => config['user:image'] !== undefined)
const state = async () => {
  const { Reservations = [] } = await tenant.send(new DescribeInstancesCommand({ InstanceIds: [name] }))
  return Reservations[0]?.Instances?.[0]?.State?.Name
}

test('a machine whose image the provider lacks waits, and explain says why', async () => {
  const file = join(data, 'big.raw')
  writeFileSync(file, FILE)
  const [ami = ''] = /ami-[0-9a-f]+/.exec(await cli('image', 'add', file, '--name', 'big')) ?? []
  const order = { ImageId: ami, InstanceType: 't2.nano' as const, MinCount: 1, MaxCount: 1 }
  name = (await tenant.send(new RunInstancesCommand(order))).Instances?.[0]?.InstanceId ?? ''
  await until(async () => /its image is not registered there/.test(await cli('instance', 'explain', name)), {
    timeoutMs: 60_000,
    everyMs: 500,
    what: 'explain to say so',
  })
  expect(await state()).toBe('pending')
}, 120_000)

test('image upload-to brings it though the worker is killed; the machine runs there', async () => {
  // A piece that nobody answers: the worker is killed while it waits.
  zone.troubles.add({ on: /\/write\/[1-9]/, trouble: { what: 'silent' } })
  const watching = cli('image', 'upload-to', 'elastic', 'big')
  await until(() => zone.troubles.unused() === 0, { timeoutMs: 60_000, what: 'the piece that is not answered' })
  const pid = home.pidOf('worker')
  process.kill(pid, 'SIGKILL')
  await until(() => !alive(pid), { what: 'the worker to be gone' })
  const told = await watching
  const [drive, ...more] = drives()
  if (!drive) throw new Error('no drive')
  expect([told, more]).toEqual([expect.stringContaining(`is at elastic: ${drive.id}`), []])
  expect(contentsOf(drive).equals(FILE)).toBe(true)
  expect(await cli('image', 'upload-to', 'elastic', 'big')).toBe(told)
  await until(async () => (await state()) === 'running', {
    timeoutMs: 90_000,
    everyMs: 500,
    what: 'the machine to run',
  })
  expect([...zone.world.servers.values()].map(({ config }) => config['user:vm'])).toEqual([name])
}, 240_000)

test('to Amazon nothing is sent, and it is said what to do', async () => {
  const where = { kind: 'ec2', endpoint: 'https://ec2.eu-west-1.amazonaws.com', region: 'eu-west-1' }
  await admin.post('/providers', { name: 'amazon', ...where, account: 'AKIA0', secret: 'none' })
  await expect(cli('image', 'upload-to', 'amazon', 'big')).rejects.toThrow('occi-gateway provider image amazon')
}, 60_000)
