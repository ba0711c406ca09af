import type { ComputeRecord } from '../../../src/model/records'
import { fitCheck, HOST_KEY } from '../../support/fit-check'
import { startApp, type TestApp } from '../../support/http'
import { startRedis, type TestRedis } from '../../support/redis'

let redis: TestRedis
let app: TestApp

beforeAll(async () => {
  redis = await startRedis()
})
afterAll(async () => {
  await redis.stop()
})
beforeEach(async () => {
  app = await startApp(redis)
})
afterEach(async () => {
  await app.close()
})

const TIME = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
const get = (path: string) => app.admin('GET', path)
const post = (path: string, body?: unknown) => app.admin('POST', path, body)

async function orderFor(name: string): Promise<ComputeRecord> {
  const { caller } = await app.site.project(name)
  const { computes } = await app.operations.runComputes(caller, {
    minCount: 1,
    maxCount: 1,
    title: 'web',
    tags: { a: 'b' },
  })
  if (!computes[0]) throw new Error('no machine')
  return computes[0]
}

describe('projects', () => {
  it('are made with all that a first session needs, told once', async () => {
    const made = await post('/projects', { name: 'ann', quota: { instances: 7 } })
    expect(made).toEqual({
      status: 201,
      body: {
        id: expect.any(String),
        name: 'ann',
        accountId: expect.stringMatching(/^\d{12}$/),
        user: 'ann',
        password: expect.any(String),
        accessKeyId: expect.stringMatching(/^AKIA/),
        secretAccessKey: expect.any(String),
      },
    })
    expect(await get('/projects')).toEqual({
      status: 200,
      body: {
        projects: [
          {
            id: expect.any(String),
            name: 'ann',
            accountId: expect.stringMatching(/^\d{12}$/),
            quota: {
              ...{ instances: 7, cores: 8000, memoryMiB: 16777216, volumes: 5000, volumeGiB: 100_000 },
              ...{ addresses: 50, networks: 100 },
            },
            used: { instances: 0, cores: 0, memoryMiB: 0, volumes: 0, volumeGiB: 0, addresses: 0, networks: 0 },
            purging: false,
            pendingTimeout: null,
            bursts: 'allowed',
            regions: null,
            budget: null,
            createdAt: TIME,
          },
        ],
      },
    })
    expect((await post('/projects', { name: 'ann' })).body).toMatchObject({ code: 'exists', field: 'name' })
  })

  it('get other limits, and a time after which what waits has failed', async () => {
    await post('/projects', { name: 'ann', quota: { networks: 3 } })
    const change = { quota: { networks: 5, cores: 16 }, pendingTimeout: 3600 }
    const body = { name: 'ann', quota: { networks: 5, cores: 16, instances: 2000 }, pendingTimeout: 3600 }
    expect(await app.admin('PATCH', '/projects/ann', change)).toMatchObject({ status: 200, body })
    expect((await get('/projects')).body).toMatchObject({ projects: [body] })
    expect(await app.admin('PATCH', '/projects/ann', { pendingTimeout: null })).toMatchObject({
      body: { quota: { networks: 5 }, pendingTimeout: null },
    })
    for (const [wrong, field] of [
      [{ pendingTimeout: 59 }, 'pendingTimeout'],
      [{ pendingTimeout: '1h' }, 'pendingTimeout'],
      [{ quota: { networks: -1 } }, 'quota.networks'],
      [{ quota: { planets: 1 } }, 'quota.planets'],
    ] as const)
      expect(await app.admin('PATCH', '/projects/ann', wrong)).toMatchObject({ status: 400, body: { field } })
    expect((await app.admin('PATCH', '/projects/none', {})).status).toBe(404)
  })

  it('are purged: 202 while machines are left, 200 when all is gone', async () => {
    const { id } = await orderFor('ann')
    expect(await post('/projects/ann/purge')).toEqual({ status: 202, body: { left: 1, done: false } })
    await app.site.observe(id, ({ seen }) => ({ seen: { ...seen, goneAt: 1 } }))
    expect(await post('/projects/ann/purge')).toEqual({ status: 200, body: { left: 0, done: true } })
    expect(await post('/projects/ann/purge')).toMatchObject({ status: 404, body: { code: 'not-found' } })
  })
})

describe('users and keys', () => {
  it('are added, changed, listed and removed', async () => {
    await post('/projects', { name: 'ann' })
    const user = await post('/users', { project: 'ann', name: 'bea' })
    expect(user).toEqual({
      status: 201,
      body: {
        id: expect.any(String),
        name: 'bea',
        project: 'ann',
        enabled: true,
        createdAt: TIME,
        password: expect.any(String),
      },
    })
    expect(await app.admin('PATCH', '/users/bea', { enabled: false })).toMatchObject({
      status: 200,
      body: { enabled: false },
    })
    const { body: listed } = await get('/users?project=ann')
    expect(listed).toMatchObject({ users: [{ name: expect.any(String) }, { name: expect.any(String) }] })
    const key = await post('/keys', { user: 'bea' })
    expect(key).toEqual({
      status: 201,
      body: { user: 'bea', accessKeyId: expect.any(String), secretAccessKey: expect.any(String) },
    })
    const { accessKeyId } = key.body as { accessKeyId: string }
    expect((await app.admin('PATCH', `/keys/${accessKeyId}`, { enabled: false })).status).toBe(204)
    expect((await get('/keys?user=bea')).body).toEqual({
      keys: [
        {
          accessKeyId,
          user: 'bea',
          project: 'ann',
          enabled: false,
          access: 'full',
          expiresAt: null,
          ended: false,
          createdAt: TIME,
        },
      ],
    })
    expect((await app.admin('DELETE', `/keys/${accessKeyId}`)).status).toBe(204)
    expect((await app.admin('DELETE', `/keys/${accessKeyId}`)).status).toBe(404)
    expect((await app.admin('DELETE', '/users/bea')).status).toBe(204)
    expect((await get('/users?project=none')).status).toBe(404)
  })
})

describe('hosts', () => {
  it('are listed, shown, enabled, disabled, added and removed', async () => {
    const { body } = await get('/hosts')
    expect((body as { hosts: unknown[] }).hosts).toHaveLength(8)
    expect(await get('/hosts/sim-2')).toMatchObject({
      status: 200,
      body: { name: 'sim-2', simulated: true, enabled: true, contact: 'never', used: { machines: 0 } },
    })
    expect(await post('/hosts/sim-2/disable')).toMatchObject({ status: 200, body: { enabled: false } })
    expect(await post('/hosts/sim-2/enable')).toMatchObject({ status: 200, body: { enabled: true } })
    expect((await app.admin('DELETE', '/hosts/sim-2')).status).toBe(204)
    expect((await get('/hosts/sim-2')).status).toBe(404)
    const real = { name: 'xen-1', zone: 'rack-1', driver: 'xl', address: 'xen-1.example.com' }
    expect(await post('/hosts', real)).toMatchObject({
      status: 409,
      body: { code: 'conflict', field: 'retireSimulated' },
    })
    const check = await fitCheck(app.site.store, real)
    expect(await post('/hosts', { ...real, retireSimulated: true, check })).toMatchObject({
      status: 201,
      body: { name: 'xen-1', simulated: false, hostKeys: [HOST_KEY] },
    })
  })
})

describe('instances', () => {
  it('are listed, shown, explained, with events', async () => {
    const { id, wish } = await orderFor('ann')
    const line = {
      id,
      name: wish.name,
      project: 'ann',
      title: 'web',
      state: 'pending',
      ec2State: 'pending',
      occiState: 'inactive',
    }
    expect((await get('/instances')).body).toMatchObject({ instances: [line] })
    expect((await get('/instances?project=ann')).body).toMatchObject({ instances: [line] })
    expect((await get('/instances?host=sim-1')).body).toEqual({ instances: [] })
    for (const name of [id, wish.name])
      expect((await get(`/instances/${name}`)).body).toMatchObject({ ...line, tags: { a: 'b' }, hasUserData: false })
    await app.site.probeHosts({ cpuHundredths: 800, memoryMiB: 16_384, diskGiB: 500 })
    const { body } = await get(`/instances/${id}/explain`)
    expect(body).toMatchObject({ instance: line, state: 'pending' })
    expect((body as { hosts: unknown[] }).hosts).toHaveLength(8)
    expect((body as { hosts: unknown[] }).hosts[0]).toEqual({
      host: expect.any(String),
      zone: expect.any(String),
      fits: true,
      because: [],
      hour: null,
    })
    expect((await get(`/instances/${id}/events?limit=5`)).body).toMatchObject({
      events: [{ what: 'run-computes', user: 'ann', at: TIME }],
    })
    expect(await get('/instances/i-00000000000000000')).toMatchObject({ status: 404, body: { code: 'not-found' } })
  })

  it('say whether they are simulated and where they are', async () => {
    const { id } = await orderFor('ann')
    await app.site.run(id)
    expect((await get(`/instances/${id}`)).body).toMatchObject({ state: 'running', host: 'sim-1', simulated: true })
  })

  it('are moved on order, to a host by its name', async () => {
    const { id, wish } = await orderFor('ann')
    const path = `/instances/${id}/move`
    expect(await post(path, { to: 'sim-2' })).toMatchObject({ status: 409, body: { code: 'state' } })
    await app.site.probeHosts({ cpuHundredths: 800, memoryMiB: 8192, diskGiB: 100 })
    await app.site.run(id)
    const hosts = (await get('/hosts')).body as { hosts: { name: string }[] }
    const { host } = (await get(`/instances/${id}`)).body as { host: string }
    const to = hosts.hosts.find(({ name }) => name !== host)?.name
    expect(await post(path, { to, how: 'cold' })).toMatchObject({
      status: 202,
      body: { name: wish.name, state: 'running', host, movingTo: null },
    })
    expect((await get(`/instances/${id}`)).body).toMatchObject({ wish: { moves: 1 }, seen: { moves: 0 } })
    expect(await post(path, { to, how: 'fast' })).toMatchObject({ status: 400, body: { field: 'how' } })
    expect(await post(path, {})).toMatchObject({ status: 400, body: { code: 'missing', field: 'to' } })
    expect(await post(path, { to: 'nowhere' })).toMatchObject({ status: 404 })
  })

  it('that are stuck are told, resumed and given up', async () => {
    const { id } = await orderFor('ann')
    expect((await get('/stuck')).body).toEqual({ stuck: [] })
    expect(await post(`/stuck/${id}/resume`)).toMatchObject({ status: 409, body: { code: 'state' } })
    const stuck = { since: 7, step: 'disk', message: 'device busy', retries: 0 }
    await app.site.run(id)
    await app.site.observe(id, ({ journal }) => ({ journal: { ...journal, stuck } }))
    expect((await get('/stuck')).body).toMatchObject({ stuck: [{ id, project: 'ann', what: 'stuck', since: TIME }] })
    expect((await post(`/stuck/${id}/give-up`)).status).toBe(200)
    expect((await post(`/stuck/${id}/resume`)).status).toBe(200)
    expect((await get('/stuck')).body).toEqual({ stuck: [] })
    expect((await get(`/instances/${id}`)).body).toMatchObject({ wish: { retries: 1, abandoned: true } })
  })
})

it('what is offered is marked with the defaults', async () => {
  expect((await get('/images')).body).toMatchObject({
    images: [
      { name: 'debian-12', ami: expect.stringMatching(/^ami-/), default: true, simulated: true },
      { name: 'tiny', default: false },
    ],
  })
  expect((await get('/types')).body).toMatchObject({
    types: expect.arrayContaining([expect.objectContaining({ name: 't2.nano', default: true })]),
  })
  expect((await get('/networks')).body).toMatchObject({
    networks: [
      { cidr: '10.0.0.0/16', default: true, public: false },
      { cidr: '203.0.113.0/24', default: false, public: true },
    ],
  })
  expect((await get('/zones')).body).toMatchObject({
    zones: Array.from({ length: 4 }, () => ({ enabled: true, hosts: 2 })),
  })
})

describe('types and networks', () => {
  it('types are added, shown and removed', async () => {
    const order = { name: 'x.large', cores: 4, memoryMiB: 4096, diskGiB: 30, title: 'large' }
    const type = { ...order, cpuPercent: 100, term: 'x_large', default: false }
    expect(await post('/types', order)).toEqual({ status: 201, body: type })
    expect((await post('/types', order)).body).toMatchObject({ code: 'exists', field: 'name' })
    expect(await get('/types/x.large')).toEqual({ status: 200, body: { ...type, machines: 0 } })
    expect((await app.admin('DELETE', '/types/x.large')).status).toBe(204)
    expect((await app.admin('DELETE', '/types/x.large')).status).toBe(404)
    expect((await post('/types', { ...order, name: 'x.shared', cpuPercent: 25 })).body).toMatchObject({
      cpuPercent: 25,
    })
    await orderFor('ann')
    expect(await app.admin('DELETE', '/types/t2.nano')).toMatchObject({ status: 409, body: { code: 'in-use' } })
  })

  it('networks are added, shown and removed', async () => {
    const order = {
      name: 'green',
      cidr: '192.168.9.0/24',
      gateway: '192.168.9.1',
      bridge: 'xenbr0',
      vlan: 12,
      dns: ['9.9.9.9'],
      range: { first: '192.168.9.10', last: '192.168.9.99' },
    }
    const network = {
      ...order,
      id: expect.any(String),
      subnet: expect.stringMatching(/^subnet-/),
      title: 'green',
      state: 'active',
      message: null,
      public: false,
      default: expect.any(Boolean),
    }
    expect(await post('/networks', order)).toEqual({ status: 201, body: network })
    expect(await get('/networks/green')).toEqual({ status: 200, body: { ...network, machines: 0, leased: 0 } })
    expect((await app.admin('DELETE', '/networks/green')).status).toBe(204)
    expect(await get('/networks/green')).toMatchObject({ body: { state: 'removing' } })
    expect(await post('/networks', order)).toMatchObject({ status: 409, body: { code: 'conflict', field: 'name' } })
  })
})

it('/site: what it is called, and where its clients find it', async () => {
  expect(await get('/site')).toEqual({ status: 200, body: { region: app.site.site, publicUrl: null } })
  expect((await fetch(`${app.url}/api/v1/site`)).status).toBe(401)
})

describe('what is sent wrong is named', () => {
  it.each([
    ['POST', '/projects', {}, 400, 'missing', 'name'],
    ['POST', '/projects', { name: 5 }, 400, 'invalid', 'name'],
    ['POST', '/projects', { name: 'a b' }, 400, 'invalid', 'name'],
    ['POST', '/projects', { name: 'x', colour: 'red' }, 400, 'unknown-field', 'colour'],
    ['POST', '/projects', { name: 'x', quota: { disks: 1 } }, 400, 'unknown-field', 'quota.disks'],
    ['POST', '/projects', { name: 'x', quota: { cores: -1 } }, 400, 'invalid', 'quota.cores'],
    ['POST', '/users', { name: 'x' }, 400, 'missing', 'project'],
    ['POST', '/users', { name: 'x', project: 'none' }, 404, 'not-found', undefined],
    ['POST', '/keys', [], 400, 'invalid', undefined],
    ['POST', '/hosts', { name: 'x', zone: 'z', driver: 'xl' }, 400, 'missing', 'address'],
    ['PATCH', '/keys/AKIA', { enabled: 'yes' }, 400, 'invalid', 'enabled'],
    ['GET', '/instances?colour=red', undefined, 400, 'unknown-field', 'colour'],
    ['GET', '/instances/x/events?limit=0', undefined, 400, 'invalid', 'limit'],
    ['GET', '/nothing', undefined, 404, 'not-found', undefined],
    ['DELETE', '/projects', undefined, 404, 'not-found', undefined],
  ])('%s %s %j', async (method, path, body, status, code, field) => {
    const answer = await app.admin(method, path, body)
    expect(answer).toMatchObject({ status, body: { code, message: expect.any(String), requestId: expect.any(String) } })
    if (code !== 'invalid' || field !== undefined) expect((answer.body as { field?: string }).field).toBe(field)
  })

  it('no JSON is malformed', async () => {
    const answer = await fetch(`${app.url}/api/v1/projects`, {
      method: 'POST',
      headers: { authorization: `Bearer ${app.token}` },
      body: '{"name":',
    })
    expect([answer.status, await answer.json()]).toMatchObject([400, { code: 'malformed' }])
  })
})

describe('who may', () => {
  it('tenants may not, with whatever they have', async () => {
    const { password, key } = await app.site.project('ann')
    for (const authorization of [
      `Basic ${Buffer.from(`ann:${password}`).toString('base64')}`,
      `Bearer ${key.accessKeyId}.${key.secretAccessKey}`,
      `Bearer ${app.token}x`,
      '',
    ]) {
      const answer = await fetch(`${app.url}/api/v1/projects`, {
        headers: authorization === '' ? {} : { authorization },
      })
      expect(answer.status).toBe(401)
      expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/)
    }
  })

  it('the operator’s token opens no tenant’s door', async () => {
    const answer = await fetch(`${app.url}/compute/`, { headers: { authorization: `Bearer ${app.token}` } })
    expect(answer.status).toBe(401)
  })
})
