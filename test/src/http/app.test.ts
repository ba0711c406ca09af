import { connect } from 'node:net'
import { fault } from '../../../src/faults'
import { MOST_BODY_BYTES } from '../../../src/http/read-body'
import type { NewProject } from '../../../src/operations/projects'
import { basicOf, startApp, type TestApp } from '../../support/http'
import { startRedis, type TestRedis } from '../../support/redis'
import { until } from '../../support/until'

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

let redis: TestRedis
let app: TestApp
let ann: NewProject
let headers: { authorization: string }
let broken: 'no' | 'yes' = 'no'
const sources: string[] = []

beforeAll(async () => {
  redis = await startRedis()
  app = await startApp(redis, (inner) => ({
    ...inner,
    identifyByPassword: (user, password, from) => {
      sources.push(from.source)
      return inner.identifyByPassword(user, password, from)
    },
    listComputes: (caller) => {
      if (broken === 'no') return inner.listComputes(caller)
      throw fault('internal', 'an internal error has occurred', { cause: new Error('the cause of it') })
    },
  }))
  ann = await app.site.project('ann')
  headers = basicOf('ann', ann.password)
})
afterAll(async () => {
  await app.close()
  await redis.stop()
})

const get = (path: string, more: Record<string, string> = {}) => fetch(`${app.url}${path}`, { headers: more })

describe('whose request it is', () => {
  it.each([
    ['/', {}, 401, 'text/plain'],
    ['/compute/?action=start', {}, 401, 'text/plain'],
    ['/?Action=DescribeInstances', {}, 403, 'text/xml'],
    ['/services/Cloud/?Version=2016-11-15&Action=RunInstances', {}, 403, 'text/xml'],
    ['/compute/', { authorization: 'AWS4-HMAC-SHA256 nonsense' }, 400, 'text/xml'],
    ['/api/v1/projects', {}, 401, 'application/json'],
    ['/api/v1/?Action=DescribeInstances', {}, 401, 'application/json'],
    ['/api/v2/projects', {}, 401, 'text/plain'],
    ['/healthz', {}, 200, 'application/json'],
    ['/readyz', {}, 200, 'application/json'],
  ])('%s %j', async (path, more, status, type) => {
    const answer = await get(path, more)
    expect([answer.status, answer.headers.get('content-type')?.split(';')[0]]).toEqual([status, type])
    expect(answer.headers.get('x-request-id')).toMatch(UUID)
    await answer.arrayBuffer()
  })

  it('comes from where a proxy on this machine says last', async () => {
    const asks = async (more: Record<string, string>) => {
      await (await get('/compute/', { ...headers, ...more })).arrayBuffer()
      return sources.at(-1)
    }
    expect(await asks({})).toMatch(/127\.0\.0\.1$/)
    expect(await asks({ 'x-forwarded-for': '198.51.100.7' })).toBe('198.51.100.7')
    expect(await asks({ 'x-forwarded-for': '203.0.113.9, 198.51.100.7' })).toBe('198.51.100.7')
  })

  it('an Action in a form is EC2’s, in a text it is not', async () => {
    const send = (type: string) =>
      fetch(`${app.url}/`, { method: 'POST', headers: { 'content-type': type }, body: 'Action=DescribeInstances' })
    expect((await send('application/x-www-form-urlencoded; charset=utf-8')).headers.get('content-type')).toMatch(/xml/)
    expect((await send('text/plain')).headers.get('content-type')).toMatch(/^text\/plain/)
  })
})

describe('a request id', () => {
  it('is ours and another each time, whatever a client sends; theirs is logged beside it', async () => {
    const ids = await Promise.all(
      Array.from({ length: 3 }, async () =>
        (await get('/healthz', { 'x-request-id': 'theirs-1' })).headers.get('x-request-id'),
      ),
    )
    expect(new Set(ids).size).toBe(3)
    expect(ids).not.toContain('theirs-1')
    await get('/compute/', { ...headers, 'x-request-id': 'theirs-2' })
    await get('/compute/', { ...headers, 'x-request-id': 'a b<script>' })
    const line = await until(() => app.logged.lines().find(({ clientRequestId }) => clientRequestId === 'theirs-2'))
    expect(line).toMatchObject({ method: 'GET', path: '/compute/', status: 200, user: 'ann', source: '127.0.0.1' })
    expect(line.requestId).toMatch(UUID)
    expect(line.ms).toBeGreaterThan(0)
    expect(app.logged.text()).not.toContain('<script>')
  })

  it('is in the body too, in EC2’s form and in the admin API’s', async () => {
    const ec2 = await get('/?Action=Nonsense')
    expect(await ec2.text()).toContain(ec2.headers.get('x-request-id'))
    const admin = await get('/api/v1/hosts')
    expect(await admin.json()).toEqual({
      code: 'unauthenticated',
      message: expect.any(String),
      requestId: admin.headers.get('x-request-id'),
    })
  })

  it('leads from the answer to the event', async () => {
    const kind = 'compute; scheme="http://schemas.ogf.org/occi/infrastructure#"; class="kind"'
    const made = await fetch(`${app.url}/compute/`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'text/occi', category: kind, accept: 'text/uri-list' },
    })
    expect(made.status).toBe(201)
    const id = (await made.text()).trim().split('/').pop() ?? ''
    const { body } = await app.admin('GET', `/instances/${id}/events`)
    expect(body).toMatchObject({
      events: [{ what: 'run-computes', user: 'ann', source: '127.0.0.1', requestId: made.headers.get('x-request-id') }],
    })
  })
})

describe('limits', () => {
  const large = Buffer.alloc(MOST_BODY_BYTES + 1, 'a')
  it.each([
    ['OCCI', '/compute/', { 'content-type': 'text/plain' }, /^text\/plain/],
    ['EC2', '/?Action=RunInstances', { 'content-type': 'application/x-www-form-urlencoded' }, /xml/],
    ['the admin API', '/api/v1/projects', { 'content-type': 'application/json' }, /json/],
  ])('a body that is too large is refused in the words of %s', async (_name, path, more, type) => {
    const answer = await fetch(`${app.url}${path}`, { method: 'POST', headers: more, body: large })
    expect(answer.status).toBeGreaterThanOrEqual(400)
    expect(answer.status).toBeLessThan(500)
    expect(answer.headers.get('content-type')).toMatch(type)
    expect(await answer.text()).toContain(String(MOST_BODY_BYTES))
  })

  it('a body in an encoding that cannot be read is malformed', async () => {
    const answer = await fetch(`${app.url}/api/v1/projects`, {
      method: 'POST',
      headers: { 'content-encoding': 'gzip' },
      body: 'no gzip',
    })
    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({ code: 'malformed' })
  })

  it('a path that is not properly encoded is malformed everywhere', async () => {
    for (const path of ['/compute/%E0%A4%A', '/api/v1/users/%E0%A4%A', '/%zz?Action=DescribeInstances'])
      expect((await get(path, headers)).status).toBe(400)
  })

  it('headers may have 60 KiB; above 64 they are refused unread, with a request id', async () => {
    const ok = await get('/compute/', { ...headers, 'x-long': 'a'.repeat(60 * 1024) })
    expect(ok.status).toBe(200)
    const answer = await get('/compute/', { ...headers, 'x-long': 'a'.repeat(70 * 1024) })
    expect(answer.status).toBe(431)
    expect(answer.headers.get('x-request-id')).toMatch(UUID)
  })

  it('what is no HTTP is told so and cut', async () => {
    const said = await new Promise<string>((resolve, reject) => {
      const socket = connect(app.port, '127.0.0.1', () => socket.write('HELO mail\r\n\r\n'))
      let text = ''
      socket.on('data', (chunk) => {
        text += String(chunk)
      })
      socket.on('end', () => resolve(text))
      socket.on('error', reject)
    })
    expect(said).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/)
    expect(said).toMatch(/\r\nx-request-id: [0-9a-f-]{36}\r\n/)
  })
})

describe('a bug of ours', () => {
  it('what is not served here is no failure of ours', async () => {
    const answer = await get('/compute/', { ...headers, 'user-agent': 'client/1.0 OCCI/9.9' })
    expect(answer.status).toBe(501)
    const requestId = answer.headers.get('x-request-id')
    const line = await until(() => app.logged.lines().find((it) => it.requestId === requestId))
    expect(line).toMatchObject({ level: 30, status: 501 })
  })

  it('tells the caller nothing and the log everything', async () => {
    broken = 'yes'
    const answer = await get('/compute/', headers)
    broken = 'no'
    expect(answer.status).toBe(500)
    expect(await answer.text()).not.toContain('cause of it')
    const requestId = answer.headers.get('x-request-id')
    const line = await until(() => app.logged.lines().find((it) => it.requestId === requestId && it.level === 50))
    expect(JSON.stringify(line)).toContain('the cause of it')
  })
})

describe('answers', () => {
  it('do not name the framework; the admin API’s have the headers that browsers want, and are not kept', async () => {
    expect((await get('/compute/', headers)).headers.get('x-powered-by')).toBeNull()
    const admin = await get('/api/v1/hosts', { authorization: `Bearer ${app.token}` })
    expect(admin.headers.get('content-security-policy')).toBeTruthy()
    expect(admin.headers.get('x-content-type-options')).toBe('nosniff')
    expect(admin.headers.get('cache-control')).toBe('no-store')
  })
})
