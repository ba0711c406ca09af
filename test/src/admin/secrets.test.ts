/** Secrets appear in the one answer that makes them, and nowhere else: no rendering, no log line, no event, no job. */

import { get } from 'node:http'
import { closed, connectBlocking } from '../../../src/store/connect'
import { send, signedPost } from '../../support/aws-signers'
import { basicOf, startApp, type TestApp } from '../../support/http'
import { startRedis, type TestRedis } from '../../support/redis'
import { until } from '../../support/until'

let redis: TestRedis
let app: TestApp

beforeAll(async () => {
  redis = await startRedis()
  app = await startApp(redis)
})
afterAll(async () => {
  await app.close()
  await redis.stop()
})

const USER_DATA = Buffer.from('#!/bin/sh\necho the-secret-of-the-guest\n').toString('base64')

interface Made {
  readonly password: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

/** Everything that an operator and a tenant can read. */
async function allRenderings(made: Made, id: string): Promise<string> {
  const admin = [
    '/projects',
    '/users',
    '/keys',
    '/hosts',
    '/instances',
    '/stuck',
    '/images',
    '/types',
    '/networks',
    '/zones',
  ]
  const ofOne = [`/instances/${id}`, `/instances/${id}/explain`, `/instances/${id}/events`]
  const texts: string[] = []
  for (const path of [...admin, ...ofOne]) {
    const answer = await app.admin('GET', path)
    expect(answer.status).toBe(200)
    texts.push(JSON.stringify(answer.body))
  }
  for (const accept of ['text/plain', 'text/occi', 'text/uri-list', 'application/occi+json'])
    for (const path of [`/compute/${id}`, '/compute/', '/-/']) {
      texts.push(await told(path, { ...basicOf('ann', made.password), accept }))
    }
  texts.push(await signed(made, 'Action=DescribeInstances&Version=2016-11-15'))
  return texts.join('\n')
}

/** Headers and body. Not by fetch: the whole model in headers (text/occi) is more than its 16 KiB. */
const told = (path: string, headers: Readonly<Record<string, string>>): Promise<string> =>
  new Promise((resolve, reject) => {
    const request = get(`${app.url}${path}`, { headers, maxHeaderSize: 128 * 1024 }, (answer) => {
      let body = ''
      answer.setEncoding('utf8').on('data', (text: string) => {
        body += text
      })
      answer.once('end', () => resolve(JSON.stringify(answer.rawHeaders) + body))
    })
    request.once('error', reject)
  })

async function signed({ accessKeyId, secretAccessKey }: Made, body: string): Promise<string> {
  const place = { host: `127.0.0.1:${app.port}`, at: app.site.clock.now() }
  const answer = await send(await signedPost(place, { key: { accessKeyId, secretAccessKey }, body }), app.url)
  expect(answer).toMatchObject({ status: 200 })
  return answer.body
}

it('are told once', async () => {
  const { body } = await app.admin('POST', '/projects', { name: 'ann' })
  const made = body as Made
  const second = (await app.admin('POST', '/keys', { user: 'ann' })).body as Made
  const bea = (await app.admin('POST', '/users', { project: 'ann', name: 'bea' })).body as Made
  await app.admin('PATCH', '/users/bea', { password: 'a-new-password-of-bea' })
  const run = `Action=RunInstances&Version=2016-11-15&MinCount=1&MaxCount=1&UserData=${encodeURIComponent(USER_DATA)}&ImageId=${app.operations.defaults().image?.wish.ami}`
  const id = /<instanceId>(i-[0-9a-f]+)</.exec(await signed(made, run))?.[1] ?? ''
  const uuid = ((await app.admin('GET', `/instances/${id}`)).body as { id: string }).id
  expect((await app.admin('GET', `/instances/${id}`)).body).toMatchObject({ hasUserData: true })
  await fetch(`${app.url}/compute/`, { headers: basicOf('ann', 'a-wrong-password') })
  await fetch(`${app.url}/?Action=DescribeInstances&X-Amz-Signature=abcdef0123&AWSAccessKeyId=${made.accessKeyId}`)
  const renderings = await allRenderings(made, uuid)
  const events = JSON.stringify(await app.site.store.eventsAfter('0-0', 1000))
  await until(() => app.logged.text().includes('/stuck'))
  const jobs = JSON.stringify(app.site.first.told)

  const users = await app.site.store.readAll('user')
  const keys = await app.site.store.readAll('key')
  const secrets = [
    made.password,
    made.secretAccessKey,
    second.secretAccessKey,
    bea.password,
    'a-new-password-of-bea',
    'a-wrong-password',
    app.token.slice(app.token.indexOf('.') + 1),
    USER_DATA,
    'the-secret-of-the-guest',
    'abcdef0123',
    ...basicOf('ann', made.password).authorization.split(' ').slice(1),
    ...users.map(({ wish }) => wish.password),
    ...keys.map(({ wish }) => wish.secret),
  ]
  expect(secrets.every((secret) => secret.length > 8)).toBe(true)
  for (const [where, text] of Object.entries({ renderings, events, jobs, log: app.logged.text() })) {
    const found = secrets.filter((secret) => text.includes(secret) || text.includes(encodeURIComponent(secret)))
    expect({ where, found }).toEqual({ where, found: [] })
    expect(text.length).toBeGreaterThan(10)
  }
})

it('are not in the records as they lie in Redis either', async () => {
  const { body } = await app.admin('POST', '/projects', { name: 'eve' })
  const made = body as Made
  const records = JSON.stringify([await app.site.store.readAll('user'), await app.site.store.readAll('key')])
  for (const secret of [made.password, made.secretAccessKey, app.token.slice(app.token.indexOf('.') + 1)])
    expect(records).not.toContain(secret)
})

it('do not reach the log with a command that Redis refused', async () => {
  const { body } = await app.admin('POST', '/projects', { name: 'fay' })
  const made = body as Made
  const raw = connectBlocking(redis.address, 'test')
  await raw.config('SET', 'maxmemory', '1')
  const run = `Action=RunInstances&Version=2016-11-15&MinCount=1&MaxCount=1&UserData=${encodeURIComponent(USER_DATA)}&ImageId=${app.operations.defaults().image?.wish.ami}`
  const place = { host: `127.0.0.1:${app.port}`, at: app.site.clock.now() }
  const refused = await send(await signedPost(place, { key: made, body: run }), app.url)
  const user = await app.admin('POST', '/users', { project: 'fay', name: 'gil', password: 'the-password-of-gil' })
  await raw.config('SET', 'maxmemory', '0')
  await closed(raw)
  expect(refused.status).toBe(503)
  expect(user).toMatchObject({ status: 503, body: { code: 'unavailable' } })
  await until(() => app.logged.lines().some(({ path, status }) => path === '/api/v1/users' && status === 503))
  const log = app.logged.text()
  expect(log).toContain('OOM')
  for (const secret of [USER_DATA, 'the-password-of-gil', 'scrypt$']) expect(log).not.toContain(secret)
})
