/** STS and IAM for oneself, over HTTP, signed, on two gateways with real operations. */
import type { Raw } from '../../../support/aws-signers'
import { type Key, presigned, send, signedPost, signedV2 } from '../../../support/aws-signers'
import { pretty, texts } from '../../../support/ec2-call'
import { type Ec2Server, startEc2 } from '../../../support/ec2-server'
import { type Gateways, OPERATOR, startGateways } from '../../../support/gateways'
import { expectGolden } from '../../../support/golden'
import { startRedis, type TestRedis } from '../../../support/redis'

const STS = '2011-06-15'
const IAM = '2010-05-08'
const EC2 = '2016-11-15'
const HOUR = 3600_000

let redis: TestRedis
let site: Gateways
let here: Ec2Server
let there: Ec2Server
let key: Key
let user: string
let projects = 0

beforeAll(async () => {
  redis = await startRedis()
  site = await startGateways(redis, { pool: 'none' })
  here = await startEc2({ operations: site.first.operations, clock: site.clock })
  there = await startEc2({ operations: site.second.operations, clock: site.clock })
})
afterAll(async () => {
  await Promise.all([here.stop(), there.stop()])
  await site.close()
  await redis.stop()
})
beforeEach(async () => {
  user = `ann${++projects}`
  const made = await site.project(user)
  key = made.key
  // What is made from now on is made later.
  site.clock.at += 1000
})

type Parameters = Readonly<Record<string, string>>
const SERVICES: Readonly<Record<string, string>> = { [STS]: 'sts', [IAM]: 'iam' }

async function ask(version: string, parameters: Parameters, by: Key = key, at = here) {
  const body = new URLSearchParams({ ...parameters, Version: version }).toString()
  const raw = await signedPost(
    { host: at.host, at: site.clock.now() },
    { key: by, body, service: SERVICES[version] ?? 'ec2' },
  )
  return send(raw, at.url)
}
const told = ({ status, body }: { readonly status: number; readonly body: string }) =>
  status === 200 ? 'done' : `${texts(body, 'Code')[0]} ${status}`
const outcome = async (version: string, parameters: Parameters, by: Key = key, at = here) =>
  told(await ask(version, parameters, by, at))
const regions = (by: Key, at = here) => outcome(EC2, { Action: 'DescribeRegions' }, by, at)

const one = (xml: string, tag: string): string => texts(xml, tag)[0] ?? ''
const unnumbered = (xml: string) =>
  pretty(xml)
    .replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'REQUEST-ID')
    .replaceAll(/A[KS]IA[A-Z2-7]{16}/g, (id) => `${id.slice(0, 4)}…`)
    .replaceAll(/(?<=<SecretAccessKey>)[^<]{40}(?=<)/g, 'SECRET')
    .replaceAll(/(?<=<SessionToken>)v1\.[^<]{100,1000}(?=<)/g, 'TOKEN')
    .replaceAll(/\d{12}/g, 'ACCOUNT')
    .replaceAll(/2027-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, 'TIME')
    .replaceAll(user, 'USER')

async function session(parameters: Parameters = {}, by: Key = key): Promise<Key & { readonly until: string }> {
  const { body } = await ask(STS, { Action: 'GetSessionToken', ...parameters }, by)
  return {
    accessKeyId: one(body, 'AccessKeyId'),
    secretAccessKey: one(body, 'SecretAccessKey'),
    sessionToken: one(body, 'SessionToken'),
    until: one(body, 'Expiration'),
  }
}

describe('a session', () => {
  test('golden: GetSessionToken', async () => {
    expectGolden('ec2/GetSessionToken.xml', unnumbered((await ask(STS, { Action: 'GetSessionToken' })).body))
  })

  test('signs on every gateway, with its token in the header, in the query, and as V2 has it', async () => {
    const made = await session()
    expect(made.accessKeyId).toMatch(/^ASIA[A-Z2-7]{16}$/)
    expect(await regions(made)).toBe('done')
    expect(await regions(made, there)).toBe('done')
    const place = { host: there.host, at: site.clock.now() }
    expect(told(await send(await presigned(place, 900, made), there.url))).toBe('done')
    const v2 = (token: Parameters): Raw =>
      signedV2(place, { AWSAccessKeyId: made.accessKeyId, ...token }, { secret: made.secretAccessKey })
    expect(told(await send(v2({ SecurityToken: made.sessionToken ?? '' }), there.url))).toBe('done')
    expect(told(await send(v2({}), there.url))).toBe('AuthFailure 401')
    const { body } = await ask(STS, { Action: 'GetCallerIdentity' }, made)
    expect(one(body, 'Arn')).toMatch(new RegExp(`:user/${user}$`))
  })

  test('lasts as long as it was asked for, 12 hours when nothing is said', async () => {
    const start = site.clock.now()
    const [made, short] = [await session(), await session({ DurationSeconds: '900' })]
    expect(Date.parse(made.until) - start).toBe(12 * HOUR)
    expect(Date.parse(short.until) - start).toBe(900_000)
    site.clock.at = start + 899_000
    expect(await regions(short)).toBe('done')
    site.clock.at = start + 900_000
    expect(await regions(short, there)).toBe('RequestExpired 400')
    expect(await outcome(STS, { Action: 'GetCallerIdentity' }, short)).toBe('ExpiredToken 403')
    expect(await regions(made)).toBe('done')
  })

  test.each(['899', '129601', '-1', 'long', '1e3'])('of %s seconds is not made', async (DurationSeconds) => {
    expect(await outcome(STS, { Action: 'GetSessionToken', DurationSeconds })).toBe('ValidationError 400')
  })

  test('of which anything was changed is worth nothing, and says no more than that', async () => {
    const [made, second] = [await session(), await session()]
    const token = made.sessionToken ?? ''
    const wrong: readonly Key[] = [
      { ...made, sessionToken: second.sessionToken ?? '' },
      { ...made, sessionToken: `${token.slice(0, -2)}AA` },
      { ...made, sessionToken: 'x'.repeat(3000) },
      { accessKeyId: made.accessKeyId, secretAccessKey: made.secretAccessKey },
      { ...made, secretAccessKey: second.secretAccessKey },
      { ...key, sessionToken: token },
    ]
    for (const by of wrong) {
      expect(await outcome(STS, { Action: 'GetCallerIdentity' }, by)).toBe('InvalidClientTokenId 403')
      expect(await regions(by)).toBe('AuthFailure 401')
    }
  })

  test('a stranger’s look at an ended one tells nothing of its end', async () => {
    const made = await session({ DurationSeconds: '900' })
    site.clock.at += 901_000
    expect(await regions({ ...made, secretAccessKey: 'x'.repeat(40) })).toBe('AuthFailure 401')
  })

  test('ends at once, everywhere, with its key or its user', async () => {
    const made = await session()
    await site.second.operations.setKey(OPERATOR, key.accessKeyId, { enabled: false })
    expect(await regions(made)).toBe('AuthFailure 401')
    await site.second.operations.setKey(OPERATOR, key.accessKeyId, { enabled: true })
    expect(await regions(made)).toBe('done')
    await site.second.operations.setUser(OPERATOR, user, { enabled: false })
    expect(await regions(made)).toBe('AuthFailure 401')
    await site.second.operations.setUser(OPERATOR, user, { enabled: true })
    await site.second.operations.removeKey(OPERATOR, key.accessKeyId)
    expect(await regions(made)).toBe('AuthFailure 401')
  })

  test('makes no other, and has nothing to do with IAM, as at AWS', async () => {
    const made = await session()
    expect(await outcome(STS, { Action: 'GetSessionToken' }, made)).toBe('AccessDenied 403')
    expect(await outcome(IAM, { Action: 'ListAccessKeys' }, made)).toBe('InvalidClientTokenId 403')
  })

  test('ends no later than the key that it is made of', async () => {
    const brief = await site.first.operations.addKey(OPERATOR, { user, expiresInSeconds: 3600 })
    const made = await session({}, brief)
    expect(Date.parse(made.until) - site.clock.now()).toBe(HOUR)
  })

  test('a second factor is not taken for one', async () => {
    expect(await outcome(STS, { Action: 'GetSessionToken', TokenCode: '123456' })).toBe('AccessDenied 403')
  })
})

describe('one’s own keys', () => {
  const id = async () => one((await ask(IAM, { Action: 'CreateAccessKey' })).body, 'AccessKeyId')

  test('golden: create, list', async () => {
    const made = await ask(IAM, { Action: 'CreateAccessKey' })
    expectGolden('ec2/CreateAccessKey.xml', unnumbered(made.body))
    expectGolden('ec2/ListAccessKeys.xml', unnumbered((await ask(IAM, { Action: 'ListAccessKeys' })).body))
    const second = { accessKeyId: one(made.body, 'AccessKeyId'), secretAccessKey: one(made.body, 'SecretAccessKey') }
    expect(await regions(second, there)).toBe('done')
    expect((await ask(IAM, { Action: 'ListAccessKeys' })).body).not.toContain(second.secretAccessKey)
  })

  test('golden: GetUser and the account’s alias', async () => {
    expectGolden('ec2/GetUser.xml', unnumbered((await ask(IAM, { Action: 'GetUser' })).body))
    const aliases = await ask(IAM, { Action: 'ListAccountAliases' })
    expectGolden('ec2/ListAccountAliases.xml', unnumbered(aliases.body))
  })

  test('are two at most; one that was deleted makes room', async () => {
    const second = await id()
    expect(await outcome(IAM, { Action: 'CreateAccessKey' })).toBe('LimitExceeded 409')
    expect(await outcome(IAM, { Action: 'DeleteAccessKey', AccessKeyId: second, UserName: user })).toBe('done')
    expect(await id()).toMatch(/^AKIA/)
  })

  test('asked for at the same time are two at most', async () => {
    const asked = [here, there, here, there].map((at) => outcome(IAM, { Action: 'CreateAccessKey' }, key, at))
    expect((await Promise.all(asked)).filter((one) => one === 'done')).toHaveLength(1)
  })

  test('are refused and taken again at once, everywhere', async () => {
    const made = await ask(IAM, { Action: 'CreateAccessKey' })
    const second = { accessKeyId: one(made.body, 'AccessKeyId'), secretAccessKey: one(made.body, 'SecretAccessKey') }
    const turn = (Status: string) => ({ Action: 'UpdateAccessKey', AccessKeyId: second.accessKeyId, Status })
    expect(await outcome(IAM, turn('Inactive'))).toBe('done')
    expect(await regions(second, there)).toBe('AuthFailure 401')
    expect(texts((await ask(IAM, { Action: 'ListAccessKeys' })).body, 'Status')).toEqual(['Active', 'Inactive'])
    expect(await outcome(IAM, turn('Active'))).toBe('done')
    expect(await regions(second, there)).toBe('done')
    expect(await outcome(IAM, turn('On'))).toBe('ValidationError 400')
    expect(await outcome(IAM, { Action: 'UpdateAccessKey', AccessKeyId: second.accessKeyId })).toBe(
      'MissingParameter 400',
    )
  })

  test('a key may delete itself, as at AWS', async () => {
    expect(await outcome(IAM, { Action: 'DeleteAccessKey', AccessKeyId: key.accessKeyId })).toBe('done')
    expect(await regions(key)).toBe('AuthFailure 401')
    expect(await outcome(IAM, { Action: 'GetUser' })).toBe('InvalidClientTokenId 403')
  })

  test('others’ are not there', async () => {
    const bob = await site.project(`bob${projects}`)
    const theirs = { AccessKeyId: bob.key.accessKeyId }
    expect(await outcome(IAM, { Action: 'DeleteAccessKey', ...theirs })).toBe('NoSuchEntity 404')
    expect(await outcome(IAM, { Action: 'UpdateAccessKey', ...theirs, Status: 'Inactive' })).toBe('NoSuchEntity 404')
    for (const Action of ['GetUser', 'ListAccessKeys', 'CreateAccessKey'])
      expect(await outcome(IAM, { Action, UserName: `bob${projects}` })).toBe('NoSuchEntity 404')
    expect(await regions(bob.key)).toBe('done')
  })

  test('a page tells where the next one begins', async () => {
    const second = await id()
    const first = (await ask(IAM, { Action: 'ListAccessKeys', MaxItems: '1' })).body
    expect([...texts(first, 'AccessKeyId'), one(first, 'IsTruncated')]).toEqual([key.accessKeyId, 'true'])
    const next = await ask(IAM, { Action: 'ListAccessKeys', MaxItems: '1', Marker: one(first, 'Marker') })
    expect([...texts(next.body, 'AccessKeyId'), one(next.body, 'IsTruncated')]).toEqual([second, 'false'])
    expect(await outcome(IAM, { Action: 'ListAccessKeys', MaxItems: '0' })).toBe('ValidationError 400')
  })

  test('what a parameter is not called is refused', async () => {
    expect(await outcome(IAM, { Action: 'GetUser', Users: 'x' })).toBe('ValidationError 400')
  })
})

describe('a key with limits', () => {
  test('that only reads: what changes something is refused, DryRun or not', async () => {
    const reader = await site.first.operations.addKey(OPERATOR, { user, access: 'read-only' })
    expect(await regions(reader)).toBe('done')
    expect(await outcome(EC2, { Action: 'DescribeKeyPairs' }, reader)).toBe('done')
    const change = { Action: 'CreateKeyPair', KeyName: 'k' }
    expect(await outcome(EC2, change, reader)).toBe('UnauthorizedOperation 403')
    expect(await outcome(EC2, { ...change, DryRun: 'true' }, reader)).toBe('UnauthorizedOperation 403')
    expect(await outcome(EC2, { ...change, DryRun: 'true' })).toBe('DryRunOperation 412')
    expect(await outcome(EC2, { Action: 'DescribeRegions', DryRun: 'true' }, reader)).toBe('DryRunOperation 412')
    for (const Action of ['CreateAccessKey', 'DeleteAccessKey'])
      expect(await outcome(IAM, { Action, AccessKeyId: key.accessKeyId }, reader)).not.toBe('done')
    expect(await outcome(IAM, { Action: 'CreateAccessKey' }, reader)).toBe('AccessDenied 403')
    const made = await session({}, reader)
    expect(await regions(made)).toBe('done')
    expect(await outcome(EC2, change, made)).toBe('UnauthorizedOperation 403')
  })

  test('that ends: says so to whoever has its secret, and makes no key that outlives it', async () => {
    const brief = await site.first.operations.addKey(OPERATOR, { user, expiresInSeconds: 3600 })
    await site.first.operations.removeKey(OPERATOR, key.accessKeyId)
    const heir = (await ask(IAM, { Action: 'CreateAccessKey' }, brief)).body
    const ends = site.clock.now() + HOUR
    const keys = await site.second.operations.listKeys(OPERATOR, user)
    expect(keys.map(({ accessKeyId, expiresAt }) => [accessKeyId, expiresAt])).toEqual(
      expect.arrayContaining([
        [brief.accessKeyId, ends],
        [one(heir, 'AccessKeyId'), ends],
      ]),
    )
    site.clock.at += HOUR
    expect(await regions(brief)).toBe('RequestExpired 400')
    expect(await outcome(STS, { Action: 'GetCallerIdentity' }, brief)).toBe('ExpiredToken 403')
    expect(await regions({ ...brief, secretAccessKey: 'x' })).toBe('AuthFailure 401')
    expect((await site.first.operations.listKeys(OPERATOR, user)).map(({ ended }) => ended)).toEqual([true, true])
  })
})
