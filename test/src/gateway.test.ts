import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { EC2Client, RunInstancesCommand } from '@aws-sdk/client-ec2'
import { pino } from 'pino'
import { z } from 'zod'
import { type Config, loadConfig } from '../../src/config'
import { type Gateway, startGateway } from '../../src/gateway'
import { startRedis, type TestRedis } from '../support/redis'
import { until } from '../support/until'

const log = pino({ level: 'silent' })
const operator = z.object({ url: z.string(), token: z.string() })
const made = z.object({
  user: z.string(),
  password: z.string(),
  accessKeyId: z.string(),
  secretAccessKey: z.string(),
  accountId: z.string(),
})

let redis: TestRedis
let data: string
const running: Gateway[] = []

beforeEach(async () => {
  redis = await startRedis()
  data = mkdtempSync(join(tmpdir(), 'og-gateway-'))
})
afterEach(async () => {
  for (const gateway of running.splice(0)) await gateway.close()
  await redis.stop()
  rmSync(data, { recursive: true, force: true })
})

const configOf = (parts: Partial<Config> = {}): Config => ({
  site: 'local-1',
  port: 0,
  listen: '127.0.0.1',
  data,
  images: join(data, 'images'),
  redis: redis.address,
  redisNamed: true,
  logLevel: 'silent',
  placementPolicy: 'striping',
  placementBackfilling: 'aggressive',
  simulated: true,
  hostPollMs: 5_000,
  requestsPerSecond: 0,
  concurrency: 4,
  ...parts,
})

const start = (parts: Partial<Config> = {}) => startWith(configOf(parts))

async function startWith(config: Config): Promise<Gateway & { readonly url: string }> {
  const gateway = await startGateway(config, log)
  running.push(gateway)
  return { ...gateway, url: `http://127.0.0.1:${gateway.port}` }
}

const operatorOf = (folder: string) => operator.parse(JSON.parse(readFileSync(join(folder, 'operator.json'), 'utf8')))

async function admin(url: string, token: string, path: string, body?: unknown): Promise<unknown> {
  const answer = await fetch(`${url}/api/v1${path}`, {
    headers: { authorization: `Bearer ${token}` },
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
  })
  expect(answer.ok).toBe(true)
  return answer.json()
}

it('starts with an operator, the simulated pool, and both fronts on one port', async () => {
  const gateway = await start()
  expect((await fetch(`${gateway.url}/readyz`)).status).toBe(200)
  const { url, token } = operatorOf(data)
  expect(url).toBe(gateway.url)
  for (const file of ['operator.json', 'keys']) expect(statSync(join(data, file)).mode & 0o777).toBe(0o600)
  const hosts = z.object({ hosts: z.array(z.object({ name: z.string(), simulated: z.literal(true) })) })
  expect(hosts.parse(await admin(url, token, '/hosts')).hosts.map(({ name }) => name)).toEqual(
    Array.from({ length: 8 }, (_, index) => `sim-${index + 1}`),
  )
  const { accessKeyId, secretAccessKey, user, password } = made.parse(
    await admin(url, token, '/projects', { name: 'ann' }),
  )
  const ec2 = new EC2Client({ endpoint: url, region: 'local-1', credentials: { accessKeyId, secretAccessKey } })
  const images = z.object({ images: z.array(z.object({ ami: z.string() })) })
  const ImageId = images.parse(await admin(url, token, '/images')).images[0]?.ami
  const { Instances = [] } = await ec2.send(new RunInstancesCommand({ ImageId, MinCount: 2, MaxCount: 2 }))
  ec2.destroy()
  expect(Instances).toHaveLength(2)
  const basic = Buffer.from(`${user}:${password}`).toString('base64')
  const occi = await fetch(`${url}/compute/`, { headers: { authorization: `Basic ${basic}`, accept: 'text/uri-list' } })
  expect((await occi.text()).trim().split(/\s+/)).toHaveLength(2)
})

it('goes on with the state it had, with the same token', async () => {
  const first = await start()
  const before = operatorOf(data)
  await admin(first.url, before.token, '/projects', { name: 'ann' })
  await running.splice(0)[0]?.close()
  const second = await start()
  const after = operatorOf(data)
  expect(after).toEqual({ url: second.url, token: before.token })
  const projects = z.object({ projects: z.array(z.object({ name: z.string() })) })
  expect(projects.parse(await admin(second.url, after.token, '/projects')).projects).toEqual([
    expect.objectContaining({ name: 'ann' }),
  ])
})

it('shows at once what another gateway acknowledged', async () => {
  const [one, two] = [await start(), await start()]
  const { token } = operatorOf(data)
  for (let index = 0; index < 10; index++) {
    const { user, password } = made.parse(await admin(one.url, token, '/projects', { name: `p${index}` }))
    const basic = Buffer.from(`${user}:${password}`).toString('base64')
    const answer = await fetch(`${two.url}/compute/`, { headers: { authorization: `Basic ${basic}` } })
    expect(answer.status).toBe(200)
  }
})

it('without Redis: lives, is not ready, answers reads, refuses writes with 503; afterwards all is as before', async () => {
  const gateway = await start()
  const { token } = operatorOf(data)
  const { user, password } = made.parse(await admin(gateway.url, token, '/projects', { name: 'ann' }))
  const headers = { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` }
  expect((await fetch(`${gateway.url}/compute/`, { headers })).status).toBe(200)
  await redis.kill()
  expect((await fetch(`${gateway.url}/healthz`)).status).toBe(200)
  expect((await fetch(`${gateway.url}/readyz`)).status).toBe(503)
  expect((await fetch(`${gateway.url}/compute/`, { headers })).status).toBe(200)
  const kind = 'compute; scheme="http://schemas.ogf.org/occi/infrastructure#"; class="kind"'
  const order = { method: 'POST', headers: { ...headers, 'content-type': 'text/occi', category: kind } }
  expect((await fetch(`${gateway.url}/compute/`, order)).status).toBe(503)
  await redis.restart()
  await until(async () => (await fetch(`${gateway.url}/readyz`)).status === 200)
  await until(async () => (await fetch(`${gateway.url}/compute/`, order)).status === 201)
}, 60_000)

it('refuses a port that is taken, by name', async () => {
  const { port } = await start()
  await expect(startGateway(configOf({ port }), log)).rejects.toMatchObject({
    kind: 'in-use',
    detail: { field: 'port' },
  })
})

it.each([
  ['where nobody said so, as in production', ['--redis', 'redis://127.0.0.1:1']],
  ['where none is wanted', ['--simulated', 'false']],
])('seeds no simulated pool %s', async (_name, argv) => {
  const { simulated, ...rest } = configOf()
  const asked = loadConfig(argv, {}).simulated
  const gateway = await startWith({ ...rest, ...(asked === undefined ? {} : { simulated: asked }) })
  expect(await admin(gateway.url, operatorOf(data).token, '/hosts')).toEqual({ hosts: [] })
})

describe("an operator's mixins", () => {
  const tag = { term: 'gold', scheme: 'http://example.org/service#', location: '/service/gold/', title: 'Gold' }
  const folderOf = (name: string, content: unknown): string => {
    const folder = join(data, 'mixins')
    mkdirSync(folder)
    writeFileSync(join(folder, name), JSON.stringify(content))
    return folder
  }

  it('are a file each: announced to all, put on machines and volumes, made and deleted by no user', async () => {
    const gateway = await start({ mixins: folderOf('gold.json', { mixins: [tag] }) })
    const { url, token } = operatorOf(data)
    const project = made.parse(await admin(url, token, '/projects', { name: 'ann' }))
    const authorization = `Basic ${Buffer.from(`ann:${project.password}`).toString('base64')}`
    const ask = (method: string, path: string, headers: Record<string, string> = {}) =>
      fetch(`${gateway.url}${path}`, { method, headers: { authorization, 'content-type': 'text/occi', ...headers } })
    expect(await (await ask('GET', '/-/', { accept: 'text/plain' })).text()).toContain('location="/service/gold/"')
    const gold = 'gold; scheme="http://example.org/service#"; class="mixin"'
    const kind = (term: string) => `${term}; scheme="http://schemas.ogf.org/occi/infrastructure#"; class="kind"`
    const compute = await ask('POST', '/compute/', { category: `${kind('compute')}, ${gold}` })
    const storage = await ask('POST', '/storage/', {
      category: kind('storage'),
      'x-occi-attribute': 'occi.storage.size=1',
    })
    const [first, second] = [compute, storage].map(({ headers }) => headers.get('location') ?? '')
    const members = async () => (await ask('GET', '/service/gold/', { accept: 'text/uri-list' })).text()
    expect(await members()).toBe(first)
    expect((await ask('POST', '/service/gold/', { 'x-occi-location': second ?? '' })).status).toBe(200)
    expect(await members()).toBe(`${first}\n${second}`)
    expect((await ask('DELETE', '/service/gold/', { 'x-occi-location': first ?? '' })).status).toBe(200)
    expect(await members()).toBe(second)
    expect((await ask('DELETE', '/-/', { category: gold })).status).toBe(403)
    const rival = 'silver; scheme="http://example.org/service#"; class="mixin"; location="/silver/"'
    expect((await ask('POST', '/-/', { category: rival })).status).toBe(403)
  })

  it.each<[string, unknown, string, RegExp]>([
    ['what is no category', { mixins: [{ ...tag, aplies: [] }] }, 'mixins[0]', /bad\.json: mixins\[0\]: .*aplies/],
    [
      'attributes that nothing keeps',
      { mixins: [{ ...tag, attributes: { 'com.example.x': { type: 'string', mutable: true, required: false } } }] },
      'mixins[0].depends',
      /bad\.json: .*resource_tpl/,
    ],
  ])('%s: nothing starts, file, key and reason are told', async (_what, content, field, message) => {
    const starting = startGateway(configOf({ mixins: folderOf('bad.json', content) }), log)
    await expect(starting).rejects.toMatchObject({
      kind: 'invalid',
      message: expect.stringMatching(message),
      detail: { field },
    })
  })
})
