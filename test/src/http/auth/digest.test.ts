/** HTTP Digest on a real port, over a real Redis: by curl, and by hand for what curl would never send. */
import { createHash } from 'node:crypto'
import { buildApp } from '../../../../src/http/app'
import { readDigest } from '../../../../src/http/auth/digest'
import { type Listening, listen } from '../../../../src/http/server'
import { cpuMs } from '../../../support/cpu-ms'
import { run } from '../../../support/gateway-process'
import { basicOf, startApp, type TestApp } from '../../../support/http'
import { startRedis, type TestRedis } from '../../../support/redis'

let redis: TestRedis
let app: TestApp
let second: Listening
let password: string

beforeAll(async () => {
  redis = await startRedis()
  app = await startApp(redis, undefined, { digest: 'on' })
  password = (await app.site.project('ann')).password
  const built = buildApp({
    operations: app.site.second.operations,
    config: { site: app.site.site },
    product: { name: 'occi-gateway', version: '0.0.0' },
    log: app.logged.log,
    clock: app.site.clock,
  })
  second = await listen(built, { host: '127.0.0.1', port: 0, log: app.logged.log })
})
afterAll(async () => {
  await second.close(500)
  await app.close()
  await redis.stop()
})

const md5 = (text: string) => createHash('md5').update(text).digest('hex')
const challengeOf = (answer: Response): string =>
  /Digest realm=.*$/.exec(answer.headers.get('www-authenticate') ?? '')?.[0] ?? ''
const nonceIn = (challenge: string): string => /nonce="([^"]+)"/.exec(challenge)?.[1] ?? ''
const freshNonce = async (url = app.url) => nonceIn(challengeOf(await fetch(`${url}/-/`)))

interface Parts {
  readonly nonce: string
  readonly user?: string
  readonly password?: string
  readonly method?: string
  readonly uri?: string
  readonly nc?: string
  /** Changes what is sent after it was worked out. */
  readonly bent?: (header: string) => string
}
function authorization({ nonce, user = 'ann', method = 'GET', uri = '/-/', nc = '00000001', ...more }: Parts): string {
  const ha1 = md5(`${user}:occi-gateway:${more.password ?? password}`)
  const response = md5([ha1, nonce, nc, 'c0ffee', 'auth', md5(`${method}:${uri}`)].join(':'))
  const header = `Digest username="${user}", realm="occi-gateway", nonce="${nonce}", uri="${uri}", algorithm=MD5, response="${response}", qop=auth, nc=${nc}, cnonce="c0ffee"`
  return more.bent?.(header) ?? header
}
const ask = (parts: Parts, path = '/-/', url = app.url) =>
  fetch(`${url}${path}`, { headers: { authorization: authorization(parts) } })
const curl = (...args: readonly string[]) =>
  run('curl', ['-s', '-o', '/dev/null', '-w', '%{http_code}', '--digest', ...args], {})

test('curl logs in, with a query and a body too', async () => {
  const user = ['-u', `ann:${password}`]
  expect((await curl(...user, `${app.url}/-/`)).stdout).toBe('200')
  expect((await curl(...user, `${app.url}/compute/?page=1;number=5`)).stdout).toBe('200')
  const category = 'Category: compute; scheme="http://schemas.ogf.org/occi/infrastructure#"; class="kind"'
  const post = ['-H', 'Content-Type: text/plain', '--data-binary', category]
  expect((await curl(...user, ...post, `${app.url}/compute/`)).stdout).toBe('201')
  expect((await curl('-u', 'ann:wrong', `${app.url}/-/`)).stdout).toBe('401')
})

test('a 401 offers Basic first, then Digest with qop=auth and a nonce of its own', async () => {
  const answer = await fetch(`${app.url}/-/`)
  expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([
    401,
    expect.stringMatching(
      /^Basic realm="occi-gateway", charset="UTF-8", Digest realm="occi-gateway", nonce="[\w-]{48}", algorithm=MD5, qop="auth"$/,
    ),
  ])
  expect(await freshNonce()).not.toBe(await freshNonce())
  expect((await fetch(`${app.url}/-/`, { headers: basicOf('ann', password) })).status).toBe(200)
})

test('a nonce of one gateway serves at the other, each count once at whichever', async () => {
  const nonce = await freshNonce()
  const other = `http://127.0.0.1:${second.port}`
  expect((await ask({ nonce })).status).toBe(200)
  expect((await ask({ nonce, nc: '00000002' }, '/-/', other)).status).toBe(200)
  // Answers may come out of order; what is refused is the same number again.
  expect((await ask({ nonce, nc: '00000004' })).status).toBe(200)
  expect((await ask({ nonce, nc: '00000003' })).status).toBe(200)
  for (const nc of ['00000001', '00000002', '00000004']) {
    const again = await ask({ nonce, nc }, '/-/', other)
    expect([again.status, challengeOf(again)]).toEqual([401, expect.stringContaining('stale=true')])
  }
})

test('of many that send one request at once, one gets through', async () => {
  const nonce = await freshNonce()
  const answers = await Promise.all(Array.from({ length: 8 }, () => ask({ nonce })))
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
})

test('a nonce ends: too old or used up is stale, so that a client answers the next one unasked', async () => {
  const nonce = await freshNonce()
  app.site.clock.at += 5 * 60_000 + 1
  const late = await ask({ nonce })
  expect([late.status, challengeOf(late)]).toEqual([401, expect.stringContaining('stale=true')])
  expect((await ask({ nonce: nonceIn(challengeOf(late)) })).status).toBe(200)
  const many = await ask({ nonce: await freshNonce(), nc: '00001001' })
  expect(challengeOf(many)).toContain('stale=true')
  const wrong = await ask({ nonce, password: 'guessed it' })
  expect(challengeOf(wrong)).not.toContain('stale')
})

test.each<[string, (nonce: string) => Parts, string?]>([
  ['another password', (nonce) => ({ nonce, password: 'not this one' })],
  ['an unknown user', (nonce) => ({ nonce, user: 'nobody' })],
  ['a nonce that somebody made up', () => ({ nonce: Buffer.alloc(36, 7).toString('base64url') })],
  [
    'a nonce with another time',
    (nonce) => ({ nonce: nonce.replace(/(?<=^.{9})./, (letter) => (letter === 'A' ? 'B' : 'A')) }),
  ],
  ['a nonce written otherwise', (nonce) => ({ nonce: `${nonce}=` })],
  ['another path', (nonce) => ({ nonce, uri: '/compute/' })],
  ['the path without its query', (nonce) => ({ nonce, uri: '/compute/' }), '/compute/?action=stop'],
  ['another method', (nonce) => ({ nonce, method: 'DELETE' })],
  ['count 0', (nonce) => ({ nonce, nc: '00000000' })],
  ['no qop', (nonce) => ({ nonce, bent: (header) => header.replace(' qop=auth,', '') })],
  ['qop=auth-int', (nonce) => ({ nonce, bent: (header) => header.replace('qop=auth', 'qop=auth-int') })],
  ['MD5-sess', (nonce) => ({ nonce, bent: (header) => header.replace('=MD5', '=MD5-sess') })],
  ['another realm', (nonce) => ({ nonce, bent: (header) => header.replace('realm="o', 'realm="O') })],
  ['a parameter twice', (nonce) => ({ nonce, bent: (header) => `${header}, username="bob"` })],
  ['no count', (nonce) => ({ nonce, bent: (header) => header.replace(' nc=00000001,', '') })],
  ['nothing', (nonce) => ({ nonce, bent: () => 'Digest ' })],
])('%s is refused', async (_what, parts, path = '/-/') => {
  const answer = await ask(parts(await freshNonce()), path)
  expect([answer.status, challengeOf(answer)]).toEqual([401, expect.stringContaining('nonce=')])
})

test('a user whose password was set before the site had Digest can use it once it is set again', async () => {
  const operations = app.site.first.operations
  const old = app.site.first.context.mirror.named('user:ann')
  expect(JSON.stringify(old?.wish)).not.toContain(md5(`ann:occi-gateway:${password}`))
  const before = await startApp(redis)
  const { password: secret } = await before.site.project('old')
  expect(JSON.stringify(before.site.first.context.mirror.named('user:old')?.wish)).toContain('"digest":null')
  const plain = await fetch(`${before.url}/-/`, { headers: { authorization: authorization({ nonce: 'x' }) } })
  expect([plain.status, plain.headers.get('www-authenticate')]).toEqual([401, expect.not.stringContaining('Digest')])
  expect((await fetch(`${before.url}/-/`, { headers: basicOf('old', secret) })).status).toBe(200)
  await before.close()
  expect(operations.digest).toBeDefined()
  await app.admin('PATCH', '/users/ann', { password: 'a new password' })
  expect((await ask({ nonce: await freshNonce() })).status).toBe(401)
  expect((await ask({ nonce: await freshNonce(), password: 'a new password' })).status).toBe(200)
  await app.admin('PATCH', '/users/ann', { enabled: false })
  expect((await ask({ nonce: await freshNonce(), password: 'a new password' })).status).toBe(401)
})

test('the sealed secret is in no listing of users', async () => {
  const { body } = await app.admin('GET', '/users')
  expect(JSON.stringify(body)).not.toMatch(/digest|v1\.k1/)
})

test('reading a header takes time in proportion to its length', async () => {
  const taken = await cpuMs(() => {
    for (const text of ['a="b",'.repeat(1300), '"'.repeat(8000), ','.repeat(8000)])
      expect(readDigest(`Digest ${text}`)).toBeUndefined()
  })
  expect(taken).toBeLessThan(200)
})
