/** Bearer tokens of a real OpenID Connect provider, which runs as a process of its own. */
import { type ChildProcess, spawn } from 'node:child_process'
import { createHmac, generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { join } from 'node:path'
import { SignJWT } from 'jose'
import { openOidc } from '../../../../src/http/auth/oidc'
import { startApp, type TestApp } from '../../../support/http'
import { startRedis, type TestRedis } from '../../../support/redis'

const AUDIENCE = 'https://cloud.example.org/'
let redis: TestRedis
let app: TestApp
let provider: ChildProcess
let issuer: string

async function startProvider(): Promise<void> {
  const script = join(__dirname, '../../../support/oidc-provider.mjs')
  provider = spawn(process.execPath, [script], { stdio: ['pipe', 'pipe', 'ignore'] })
  const [line] = (await once(provider.stdout ?? provider, 'data')) as [Buffer]
  issuer = (JSON.parse(line.toString('utf8')) as { issuer: string }).issuer
}

beforeAll(async () => {
  await startProvider()
  redis = await startRedis()
  app = await startApp(redis, undefined, { oidc: { issuer, audience: AUDIENCE, userClaim: 'sub' } })
  app.site.clock.at = Date.now()
  const { project } = await app.site.project('ann')
  await app.admin('POST', '/users', { project: project.wish.name, name: 'es-ann' })
})
afterAll(async () => {
  provider.stdin?.end()
  await app.close()
  await redis.stop()
})

/** By the client credentials grant (RFC 6749 §4.4): `sub` is the client. */
async function tokenOf(client: string, resource = AUDIENCE): Promise<string> {
  const answer = await fetch(`${issuer}/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${client}:secret-of-${client}`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', resource }),
  })
  const { access_token: token } = (await answer.json()) as { access_token?: string }
  if (token === undefined) throw new Error(`the provider gave none: ${answer.status}`)
  return token
}
const ask = (token: string, header = 'authorization') =>
  fetch(`${app.url}/-/`, { headers: { [header]: header === 'authorization' ? `Bearer ${token}` : token } })
const parts = (token: string) => token.split('.') as [string, string, string]
const payloadOf = (token: string) => JSON.parse(Buffer.from(parts(token)[1], 'base64url').toString('utf8'))
const packed = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

test('lets in the user whom the claim names, as Bearer and as X-Auth-Token', async () => {
  const token = await tokenOf('ann')
  expect((await ask(token)).status).toBe(200)
  expect((await ask(token, 'x-auth-token')).status).toBe(200)
})

test('an elliptic signature is as good', async () => {
  expect((await ask(await tokenOf('es-ann'))).status).toBe(200)
})

test('the machine that it makes is its project’s', async () => {
  const category = 'compute; scheme="http://schemas.ogf.org/occi/infrastructure#"; class="kind"'
  const made = await fetch(`${app.url}/compute/`, {
    method: 'POST',
    headers: { authorization: `Bearer ${await tokenOf('ann')}`, 'content-type': 'text/occi', category },
  })
  expect(made.status).toBe(201)
  const path = new URL(made.headers.get('location') ?? '').pathname
  const seen = await fetch(`${app.url}${path}`, { headers: { authorization: `Bearer ${await tokenOf('es-ann')}` } })
  expect(seen.status).toBe(200)
})

const strange = async (): Promise<readonly [string, string][]> => {
  const good = await tokenOf('ann')
  const [head, body, signature] = parts(good)
  const header = JSON.parse(Buffer.from(head, 'base64url').toString('utf8'))
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const claims = payloadOf(good)
  const byOther = await new SignJWT(claims).setProtectedHeader(header).sign(privateKey)
  const known = `${packed({ alg: 'HS256', kid: header.kid })}.${body}`
  const pem = publicKey.export({ type: 'spki', format: 'pem' })
  return [
    ['for another audience', await tokenOf('ann', 'https://other.example.org/')],
    ['of a user that is not here', await tokenOf('nobody')],
    ['changed', `${head}.${packed({ ...claims, sub: 'es-ann' })}.${signature}`],
    ['signed by another’s key under the same name', byOther],
    ['signed by nobody', `${packed({ alg: 'none' })}.${body}.x`],
    ['signed by what everybody knows', `${known}.${createHmac('sha256', pem).update(known).digest('base64url')}`],
    ['under a key that there is not', `${packed({ ...header, kid: 'other' })}.${body}.${signature}`],
    ['cut', `${head}.${body}.${signature.slice(0, 20)}`],
    ['of nonsense', 'a.b.c'],
    ['too long', `${head}.${'a'.repeat(20_000)}.${signature}`],
  ]
}

test('whatever else comes is refused with a challenge, and logged in full nowhere', async () => {
  for (const [what, token] of await strange()) {
    const answer = await ask(token)
    expect([what, answer.status]).toEqual([what, 401])
    expect(answer.headers.get('www-authenticate')).toContain('error="invalid_token"')
    expect(app.logged.text()).not.toContain(token.slice(0, 60))
  }
})

test('one that has ended is refused, a clock that goes a little wrong is forgiven', async () => {
  const token = await tokenOf('ann')
  const { exp } = payloadOf(token)
  app.site.clock.at = exp * 1000 + 20_000
  expect((await ask(token)).status).toBe(200)
  app.site.clock.at = exp * 1000 + 40_000
  expect((await ask(token)).status).toBe(401)
  app.site.clock.at = Date.now()
})

test('a user who was disabled is refused at once', async () => {
  const token = await tokenOf('ann')
  await app.admin('PATCH', '/users/ann', { enabled: false })
  expect((await ask(token)).status).toBe(401)
  await app.admin('PATCH', '/users/ann', { enabled: true })
  expect((await ask(token)).status).toBe(200)
})

test('our own tokens go on', async () => {
  const { body } = await app.admin('POST', '/tokens', { user: 'ann' })
  expect((await ask((body as { token: string }).token)).status).toBe(200)
})

describe('an issuer that cannot be asked', () => {
  const clock = { now: () => Date.now() }
  const refusal = async (options: { issuer: string }) => {
    const check = openOidc({ audience: AUDIENCE, userClaim: 'sub', clock, ...options })
    return check(await tokenOf('ann')).catch((thrown: { kind: string }) => thrown.kind)
  }

  test('is told as that, not as a wrong token', async () => {
    expect(await refusal({ issuer: 'http://127.0.0.1:9' })).toBe('unavailable')
  })

  test('and so is one that says it is another', async () => {
    expect(await refusal({ issuer: issuer.replace('127.0.0.1', 'localhost') })).toBe('unavailable')
  })
})
