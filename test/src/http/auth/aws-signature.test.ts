/** Signatures made by libraries that others wrote, and every way in which one can be wrong. */
import { type Request as Aws4Request, sign as signWithAws4 } from 'aws4'
import type { Clock } from '../../../../src/clock'
import { openSigningKeys } from '../../../../src/http/auth/aws-signature-key'
import * as signers from '../../../support/aws-signers'
import { BODY, FORM, type Key, type Raw, send } from '../../../support/aws-signers'
import { texts } from '../../../support/ec2-call'
import { ANNS_KEY, type Ec2Server, startEc2 } from '../../../support/ec2-server'
import { fakeOperations } from '../../../support/fake-operations'

const NOW = Date.UTC(2026, 0, 31, 12, 0, 0)
const DAY = 24 * 3600_000
let now = NOW
const clock: Clock = { now: () => now }
let server: Ec2Server
let strict: Ec2Server
beforeAll(async () => {
  server = await startEc2({ operations: fakeOperations(), clock })
  strict = await startEc2({ operations: fakeOperations(), clock, scope: 'site' })
})
afterAll(() => Promise.all([server.stop(), strict.stop()]))
beforeEach(() => {
  now = NOW
})

const outcome = async (raw: Raw, to = server): Promise<string> => {
  const { status, body } = await send(raw, to.url)
  return status === 200 ? 'accepted' : `${texts(body, 'Code')[0]} ${status}`
}
const here = (at = server) => ({ host: at.host, at: now })
const signedPost = (options: signers.PostOptions = {}, at = server) => signers.signedPost(here(at), options)
const presigned = (expiresIn = 900) => signers.presigned(here(), expiresIn)
const v2 = (more: Readonly<Record<string, string>> = {}, options: signers.V2Options = {}) =>
  signers.signedV2(here(), more, options)
/** Sends it when the server's clock shows another time. */
function later(ms: number, raw: Raw): Raw {
  now = NOW + ms
  return raw
}
const withHeader = (raw: Raw, name: string, value: string): Raw => ({
  ...raw,
  headers: { ...raw.headers, [name]: value },
})
const editHeader = (raw: Raw, name: string, edit: (value: string) => string): Raw =>
  withHeader(raw, name, edit(raw.headers[name] ?? ''))

describe('genuine ones', () => {
  test('smithy (SDK v3): POST, at paths, with queries, with and odd spacing', async () => {
    expect(await outcome(await signedPost())).toBe('accepted')
    expect(await outcome(await signedPost({ path: '/services/Cloud/' }))).toBe('accepted')
    expect(await outcome(await signedPost({ path: '/a%20b/?Filter.1.Name=endpoint&Filter.1.Value.1=%2A' }))).toBe(
      'accepted',
    )
    expect(await outcome(await signedPost({ headers: { 'x-amz-note': '  two   spaces  ' } }))).toBe('accepted')
  })

  test('aws4: POST and GET', async () => {
    const date = new Date(now).toISOString().replace(/[-:]|\.\d{3}/g, '')
    const sign = (request: Aws4Request) =>
      signWithAws4({ host: server.host, service: 'ec2', region: 'local-1', ...request }, ANNS_KEY).headers
    const form = { 'Content-Type': FORM, 'X-Amz-Date': date }
    expect(
      await outcome({
        method: 'POST',
        path: '/',
        headers: sign({ method: 'POST', path: '/', body: BODY, headers: form }),
        body: BODY,
      }),
    ).toBe('accepted')
    const path = `/ec2/?${BODY}&Filter.1.Name=region-name&Filter.1.Value.1=l%2A%20%C3%A9`
    expect(
      await outcome({ method: 'GET', path, headers: sign({ method: 'GET', path, headers: { 'X-Amz-Date': date } }) }),
    ).toBe('accepted')
  })

  test('a space signed as %20 and sent as + (libcloud)', async () => {
    const date = new Date(now).toISOString().replace(/[-:]|\.\d{3}/g, '')
    const signed = `/ec2/?${BODY}&Filter.1.Name=region-name&Filter.1.Value.1=l%20x%2B`
    const { headers } = signWithAws4(
      {
        host: server.host,
        service: 'ec2',
        region: 'local-1',
        method: 'GET',
        path: signed,
        headers: { 'X-Amz-Date': date },
      },
      ANNS_KEY,
    )
    const send = (path: string) => outcome({ method: 'GET', path, headers })
    expect(await send(signed.replace('%20', '+'))).toBe('accepted')
    // A plus is not what was signed.
    expect(await send(signed.replace('%20', '%2B'))).toBe('AuthFailure 401')
  })

  test('presigned', async () => {
    expect(await outcome(await presigned())).toBe('accepted')
  })

  test('V2: GET and POST, SHA-256 and SHA-1, signed with and without the port, with Timestamp and Expires', async () => {
    expect(await outcome(v2())).toBe('accepted')
    expect(await outcome(v2({}, { method: 'POST' }))).toBe('accepted')
    expect(await outcome(v2({ SignatureMethod: 'HmacSHA1' }))).toBe('accepted')
    expect(await outcome(v2({}, { host: '127.0.0.1' }))).toBe('accepted')
    expect(await outcome(v2({ Timestamp: '2026-01-31T12:00:00' }))).toBe('accepted')
    expect(await outcome(v2({ Expires: '2026-01-31T12:00:01Z' }))).toBe('accepted')
    expect(await outcome(v2({ 'Filter.1.Name': 'region-name', 'Filter.1.Value.1': "a b*'~" }))).toBe('accepted')
  })

  test('the caller is the one whose key it is', async () => {
    const { body } = await send(
      await signedPost({ body: 'Action=GetCallerIdentity&Version=2011-06-15', service: 'sts' }),
      server.url,
    )
    expect(texts(body, 'Account')).toEqual(['123456789012'])
  })

  test('boto 2 takes region and service from the host name, so any are accepted; unless told otherwise', async () => {
    const boto2 = await signedPost({ region: '0', service: '127' })
    expect(await outcome(boto2)).toBe('accepted')
    expect(await outcome(await signedPost({ region: '0', service: '127' }, strict), strict)).toBe('AuthFailure 401')
    expect(await outcome(await signedPost({ region: 'eu-west-1' }, strict), strict)).toBe('AuthFailure 401')
    expect(await outcome(await signedPost({}, strict), strict)).toBe('accepted')
  })

  test('clocks may differ by 15 minutes either way', async () => {
    const raw = await signedPost()
    for (const shift of [-899_000, 899_000]) {
      now = NOW + shift
      expect(await outcome(raw)).toBe('accepted')
    }
  })
})

type Spoil = (raw: Raw & { readonly body: string }) => Raw | Promise<Raw>
const cut = (value: string): string => value.replace(/Signature=..../, 'Signature=0000')

const REJECTED: [string, string, Spoil][] = [
  ['a changed body', 'AuthFailure 401', (raw) => ({ ...raw, body: raw.body.replace('Regions', 'Regionz') })],
  ['an added query', 'AuthFailure 401', (raw) => ({ ...raw, path: '/?x=1' })],
  ['another path', 'AuthFailure 401', (raw) => ({ ...raw, path: '/other' })],
  ['another method', 'AuthFailure 401', (raw) => ({ ...raw, method: 'PUT' })],
  ['another host', 'AuthFailure 401', (raw) => withHeader(raw, 'host', 'elsewhere')],
  [
    'a changed signed header',
    'AuthFailure 401',
    (raw) => withHeader(raw, 'content-type', 'application/x-www-form-urlencoded'),
  ],
  ['another signature', 'AuthFailure 401', (raw) => editHeader(raw, 'authorization', cut)],
  ['an unknown key', 'AuthFailure 401', () => signedPost({ key: { accessKeyId: 'AKIANOBODY', secretAccessKey: 'x' } })],
  [
    'a session token of a key that is no session',
    'AuthFailure 401',
    () => signedPost({ key: { ...ANNS_KEY, sessionToken: 'token' } }),
  ],
  ['a wrong secret', 'AuthFailure 401', () => signedPost({ key: { ...ANNS_KEY, secretAccessKey: 'wrong' } })],
  [
    'the secret that stands in for none',
    'AuthFailure 401',
    () => signedPost({ key: { accessKeyId: 'AKIANOBODY', secretAccessKey: 'x'.repeat(40) } }),
  ],
  [
    'a body that is not what was declared',
    'AuthFailure 401',
    async () => signedPost({ headers: { 'x-amz-content-sha256': '0'.repeat(64) } }),
  ],
  [
    'an unsigned payload',
    'IncompleteSignature 400',
    async () => signedPost({ headers: { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' } }),
  ],
  [
    'a streaming payload',
    'IncompleteSignature 400',
    async () => signedPost({ headers: { 'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD' } }),
  ],
  ['an unsigned x-amz header', 'IncompleteSignature 400', (raw) => withHeader(raw, 'x-amz-extra', '1')],
  [
    'a signed header that is not there',
    'IncompleteSignature 400',
    (raw) => editHeader(raw, 'authorization', (value) => value.replace('content-type', 'content-tyqe')),
  ],
  [
    'no signed host',
    'IncompleteSignature 400',
    (raw) => editHeader(raw, 'authorization', (value) => value.replace('host;', '')),
  ],
  [
    'signed headers out of order',
    'IncompleteSignature 400',
    (raw) => editHeader(raw, 'authorization', (value) => value.replace('SignedHeaders=', 'SignedHeaders=zzz;')),
  ],
  [
    'signed headers in capitals',
    'IncompleteSignature 400',
    (raw) => editHeader(raw, 'authorization', (value) => value.replace('host', 'Host')),
  ],
  [
    'no credential',
    'IncompleteSignature 400',
    (raw) => editHeader(raw, 'authorization', (value) => value.replace('Credential=', 'Kredential=')),
  ],
  [
    'a field twice',
    'IncompleteSignature 400',
    (raw) => editHeader(raw, 'authorization', (value) => `${value}, Signature=x`),
  ],
  [
    'a header that is no list of fields',
    'IncompleteSignature 400',
    (raw) => withHeader(raw, 'authorization', 'AWS4-HMAC-SHA256 hello'),
  ],
  [
    'a credential of another form',
    'IncompleteSignature 400',
    (raw) => editHeader(raw, 'authorization', (value) => value.replace('aws4_request', 'aws5_request')),
  ],
  [
    'a signature of another length',
    'IncompleteSignature 400',
    (raw) => editHeader(raw, 'authorization', (value) => `${value}00`),
  ],
  [
    'a day that is not the date',
    'IncompleteSignature 400',
    (raw) => editHeader(raw, 'authorization', (value) => value.replace('20260131', '20260130')),
  ],
  ['a date of another form', 'IncompleteSignature 400', (raw) => withHeader(raw, 'x-amz-date', '2026-01-31')],
  ['a clock 16 minutes slow', 'RequestExpired 400', (raw) => later(960_000, raw)],
  ['a clock 16 minutes fast', 'RequestExpired 400', (raw) => later(-960_000, raw)],
  [
    'no credentials',
    'MissingAuthenticationToken 403',
    (raw) => ({ ...raw, headers: { host: server.host, 'content-type': FORM } }),
  ],
  [
    'HTTP Basic',
    'MissingAuthenticationToken 403',
    (raw) => ({
      ...raw,
      headers: { host: server.host, 'content-type': FORM, authorization: 'Basic YW5uOnNlY3JldA==' },
    }),
  ],
  [
    'a presigned request with a parameter twice',
    'IncompleteSignature 400',
    async () => ({ ...(await presigned()), path: `${(await presigned()).path}&Action=x` }),
  ],
  [
    'a presigned request with another action',
    'AuthFailure 401',
    async () => edit(await presigned(), 'DescribeRegions', 'DescribeInstances'),
  ],
  [
    'a presigned request with a longer life',
    'AuthFailure 401',
    async () => edit(await presigned(), 'Expires=900', 'Expires=901'),
  ],
  [
    'a presigned request of no life',
    'IncompleteSignature 400',
    async () => edit(await presigned(), 'Expires=900', 'Expires=0'),
  ],
  [
    'a presigned request of too long a life',
    'IncompleteSignature 400',
    async () => edit(await presigned(), 'Expires=900', 'Expires=604801'),
  ],
  [
    'a presigned request by another algorithm',
    'IncompleteSignature 400',
    async () => edit(await presigned(), 'AWS4-HMAC-SHA256', 'AWS4-HMAC-MD5'),
  ],
  [
    'a presigned request past its time',
    'RequestExpired 400',
    async () => {
      const raw = await presigned(60)
      now = NOW + 61_000
      return raw
    },
  ],
  [
    'a presigned request from the future',
    'RequestExpired 400',
    async () => {
      const raw = await presigned(60)
      now = NOW - DAY
      return raw
    },
  ],
  ['V2 with a changed action', 'AuthFailure 401', () => edit(v2(), 'DescribeRegions', 'DescribeInstances')],
  ['V2 with a wrong secret', 'AuthFailure 401', () => v2({}, { secret: 'wrong' })],
  ['V2 of an unknown key', 'AuthFailure 401', () => v2({ AWSAccessKeyId: 'AKIANOBODY' })],
  ['V2 for another host', 'AuthFailure 401', () => v2({}, { host: 'elsewhere' })],
  [
    'V2 with a parameter twice',
    'IncompleteSignature 400',
    () => ({ ...v2(), path: `${v2().path}&Action=DescribeRegions` }),
  ],
  ['V2 by another algorithm', 'IncompleteSignature 400', () => v2({ SignatureMethod: 'HmacMD5' })],
  ['V2 by what objects have by birth', 'IncompleteSignature 400', () => v2({ SignatureMethod: 'constructor' })],
  ['another version', 'IncompleteSignature 400', () => v2({ SignatureVersion: '1' })],
  [
    'V2 without a signature',
    'IncompleteSignature 400',
    () => ({ ...v2(), path: v2().path.replace(/&Signature=.*/, '') }),
  ],
  [
    'V2 without a date',
    'IncompleteSignature 400',
    () => ({ ...v2(), path: v2().path.replace(/&Timestamp=[^&]*/, '') }),
  ],
  [
    'V2 with both dates',
    'IncompleteSignature 400',
    () => v2({ Expires: '2026-01-31T13:00:00Z', Timestamp: '2026-01-31T12:00:00Z' }),
  ],
  ['V2 with a date that is none', 'IncompleteSignature 400', () => v2({ Timestamp: 'now' })],
  ['V2 too old', 'RequestExpired 400', () => v2({ Timestamp: '2026-01-31T11:44:00Z' })],
  ['V2 past its Expires', 'RequestExpired 400', () => v2({ Expires: '2026-01-31T11:59:59Z' })],
  [
    'V2 with more parameters than any action has, before it is known whose it is',
    'RequestEntityTooLarge 413',
    () => {
      const body = `AWSAccessKeyId=AKIANOBODY&${Array.from({ length: 4000 }, (_, at) => `${at}=`).join('&')}`
      return { ...v2({}, { method: 'POST' }), body }
    },
  ],
  ['bad encoding in a signed query', 'MalformedQueryString 400', (raw) => ({ ...raw, path: '/?x=%ff' })],
]
const edit = (raw: Raw, from: string, to: string): Raw => ({ ...raw, path: raw.path.replace(from, to) })

test.each(REJECTED)('rejected: %s (%s)', async (_what, expected, spoil) => {
  expect(await outcome(await spoil(await signedPost()))).toBe(expected)
})

test('an unknown key and a wrong secret get the same words', async () => {
  const words = async (key: Key) => texts((await send(await signedPost({ key }), server.url)).body, 'Message')
  expect(await words({ accessKeyId: 'AKIANOBODY', secretAccessKey: 'x' })).toEqual(
    await words({ ...ANNS_KEY, secretAccessKey: 'wrong' }),
  )
})

test('signing keys: the documented derivation, kept in bounded number', () => {
  // AWS General Reference, "Examples of how to derive a signing key for Signature Version 4".
  const keys = openSigningKeys(20)
  const key = keys.of('wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY', '20120215', 'us-east-1', 'iam')
  expect(key.toString('hex')).toBe('f4780e2d9f65fa895f9c67b32ce1baf0b0d8a43505a000a1a9e090d414db404d')
  const kept = keys.of('secret', '20260131', 'region-0', 'ec2')
  expect(keys.of('secret', '20260131', 'region-0', 'ec2')).toBe(kept)
  for (let count = 0; count < 25; count++) keys.of('secret', '20260131', `region-${count}`, 'ec2')
  expect(keys.size).toBe(20)
  expect(keys.of('secret', '20260131', 'region-0', 'ec2')).toEqual(kept)
})
