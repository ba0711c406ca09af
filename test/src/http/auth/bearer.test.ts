/** Bearer tokens end to end: made by the admin API, sent to OCCI on a real port, refused once removed or ended. */
import { basicOf, startApp, type TestApp } from '../../../support/http'
import { startRedis, type TestRedis } from '../../../support/redis'

let redis: TestRedis
let app: TestApp
let password: string

interface Made {
  readonly id: string
  readonly token: string
  readonly expiresAt: string
}

beforeAll(async () => {
  redis = await startRedis()
  app = await startApp(redis)
  password = (await app.site.project('ann')).password
})
afterAll(async () => {
  await app.close()
  await redis.stop()
})

async function made(order: Record<string, unknown> = {}): Promise<Made> {
  const { status, body } = await app.admin('POST', '/tokens', { user: 'ann', ...order })
  expect(status).toBe(201)
  return body as Made
}
const ask = (headers: Record<string, string>, path = '/-/') => fetch(`${app.url}${path}`, { headers })
const status = async (headers: Record<string, string>) => (await ask(headers)).status
const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
const listed = async (query = '') => {
  const { body } = await app.admin('GET', `/tokens${query}`)
  return (body as { tokens: Record<string, unknown>[] }).tokens
}

it('lets its user in as Bearer and as X-Auth-Token (§13.31), in any case of the scheme', async () => {
  const { token } = await made()
  expect(await status(bearer(token))).toBe(200)
  expect(await status({ authorization: `bearer  ${token}` })).toBe(200)
  expect(await status({ 'x-auth-token': token })).toBe(200)
  expect(await status({ 'x-auth-token': token, ...basicOf('ann', password) })).toBe(200)
})

it('shows the machines of its user’s project', async () => {
  const { token } = await made()
  const category = 'compute; scheme="http://schemas.ogf.org/occi/infrastructure#"; class="kind"'
  const order = await fetch(`${app.url}/compute/`, {
    method: 'POST',
    headers: { ...bearer(token), 'content-type': 'text/occi', category },
  })
  expect(order.status).toBe(201)
  const list = await ask({ ...basicOf('ann', password), accept: 'text/uri-list' }, '/compute/')
  expect(await list.text()).toContain(order.headers.get('location'))
})

it.each<[string, (token: string) => Record<string, string>]>([
  ['another secret', (token) => bearer(`${token.split('.')[0]}.nonsense`)],
  ['no secret', (token) => bearer(`${token.split('.')[0]}.`)],
  ['no id', (token) => bearer(`.${token.split('.')[1]}`)],
  ['no dot', (token) => bearer(token.replace('.', ''))],
  ['more behind it', (token) => bearer(`${token}x`)],
  ['a very long one', () => bearer('a.'.repeat(1000))],
  ['the operator’s', () => bearer(app.token)],
  ['nonsense as X-Auth-Token', () => ({ 'x-auth-token': 'nonsense' })],
])('%s is refused with a challenge', async (_name, headers) => {
  const { token } = await made()
  const answer = await ask(headers(token))
  expect(answer.status).toBe(401)
  expect(answer.headers.get('www-authenticate')).toContain('error="invalid_token"')
})

it('is refused by the admin API, as nothing lets a tenant in there', async () => {
  const { token } = await made()
  expect((await ask(bearer(token), '/api/v1/projects')).status).toBe(401)
})

it('an empty X-Auth-Token is none, and Basic beside a token counts alone', async () => {
  expect(await status({ 'x-auth-token': ' ', ...basicOf('ann', password) })).toBe(200)
  const none = await ask({ 'x-auth-token': ' ' })
  expect(none.headers.get('www-authenticate')).toContain('Basic realm=')
  const { token } = await made()
  expect(await status({ 'x-auth-token': token, ...basicOf('ann', 'wrong-password') })).toBe(401)
})

it('ends when it was said to, and the user’s next one takes it away', async () => {
  const { id, token, expiresAt } = await made({ expiresInSeconds: 60 })
  expect(Date.parse(expiresAt)).toBe(app.site.clock.at + 60_000)
  expect(await status(bearer(token))).toBe(200)
  app.site.clock.at += 60_000
  expect(await status(bearer(token))).toBe(401)
  expect(await listed()).toContainEqual(expect.objectContaining({ id, valid: false }))
  await made()
  expect((await listed()).map((one) => one.id)).not.toContain(id)
})

it('is refused everywhere once it is removed, or its user is disabled or removed', async () => {
  const { id, token } = await made()
  expect((await app.admin('DELETE', `/tokens/${id}`)).status).toBe(204)
  expect(await status(bearer(token))).toBe(401)
  expect((await app.admin('DELETE', `/tokens/${id}`)).status).toBe(404)
  await app.admin('POST', '/users', { project: 'ann', name: 'bea', password: 'long-enough' })
  const second = await made({ user: 'bea' })
  expect(await status(bearer(second.token))).toBe(200)
  await app.admin('PATCH', '/users/bea', { enabled: false })
  expect(await status(bearer(second.token))).toBe(401)
  await app.admin('PATCH', '/users/bea', { enabled: true })
  expect(await app.site.second.operations.identifyByToken(second.token, { source: '', requestId: '' })).toMatchObject({
    userName: 'bea',
    actor: { key: second.id },
  })
  await app.admin('DELETE', '/users/bea')
  expect(await status(bearer(second.token))).toBe(401)
  expect(await listed()).not.toContainEqual(expect.objectContaining({ id: second.id }))
})

it('is told once: no list, log or record has it, and it is no access key', async () => {
  const { id, token } = await made()
  await status(bearer(token))
  const secret = token.split('.')[1] ?? ''
  const keys = await app.admin('GET', '/keys')
  expect(JSON.stringify(keys.body)).not.toContain(id)
  expect((await app.admin('DELETE', `/keys/${id}`)).status).toBe(404)
  const everything = [
    JSON.stringify(await listed('?user=ann')),
    app.logged.text(),
    JSON.stringify(await app.site.store.readAll('key')),
    JSON.stringify(await app.site.store.eventsAfter('0-0', 1000)),
  ]
  for (const text of everything) expect(text).not.toContain(secret)
  expect(everything[0]).toContain(id)
})

it.each<[string, unknown, number]>([
  ['an unknown user', { user: 'nobody' }, 404],
  ['no user', {}, 400],
  ['too short a time', { user: 'ann', expiresInSeconds: 59 }, 400],
  ['too long a time', { user: 'ann', expiresInSeconds: 2 ** 40 }, 400],
  ['half a second', { user: 'ann', expiresInSeconds: 90.5 }, 400],
  ['another field', { user: 'ann', scope: 'x' }, 400],
])('%s makes none', async (_name, body, wanted) => {
  const before = await listed()
  expect((await app.admin('POST', '/tokens', body)).status).toBe(wanted)
  expect(await listed()).toEqual(before)
})

it('that only reads sees everything and changes nothing, and the gateway goes on', async () => {
  const { token } = await made({ access: 'read-only' })
  const listing = { ...bearer(token), accept: 'text/uri-list' }
  const all = () => Promise.all(['/compute/', '/storage/'].map(async (path) => (await ask(listing, path)).text()))
  const before = await all()
  for (const path of ['/', '/-/', '/compute/', '/storage/', '/network/', '/securitygroup/'])
    expect([path, (await ask(bearer(token), path)).status]).toEqual([path, 200])
  for (const [path, more] of [
    ['/compute/', []],
    ['/storage/', ['X-OCCI-Attribute: occi.storage.size=1']],
  ] as const) {
    const kind = `Category: ${path.slice(1, -1)}; scheme="http://schemas.ogf.org/occi/infrastructure#"; class="kind"`
    const answer = await fetch(`${app.url}${path}`, {
      method: 'POST',
      headers: { ...bearer(token), 'content-type': 'text/plain' },
      body: [kind, ...more].join('\n'),
    })
    expect({ path, status: answer.status }).toEqual({ path, status: 403 })
  }
  expect(await all()).toEqual(before)
})
