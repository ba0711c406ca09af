/** The router, the error form of each service, and what is seen on the wire; signatures have tests of their own. */
import { sign } from 'aws4'
import { fault } from '../../../src/faults'
import type { Operations } from '../../../src/operations/operations'
import { pretty, texts } from '../../support/ec2-call'
import { ANNS_KEY, type Ec2Server, startEc2 } from '../../support/ec2-server'
import { fakeOperations } from '../../support/fake-operations'
import { expectGolden } from '../../support/golden'

let operations: Operations
let server: Ec2Server
beforeEach(async () => {
  operations = fakeOperations()
  server = await startEc2({ operations })
})
afterEach(() => server.stop())

const UUID = /^[0-9a-f-]{36}$/

/** A signed POST of a form, or a GET of the same in the query. */
async function ask(form: string, options: { readonly method?: 'GET' | 'POST'; readonly path?: string } = {}) {
  const { method = 'POST', path = '/' } = options
  const request = {
    host: server.host,
    method,
    path: method === 'GET' ? `${path}?${form}` : path,
    service: 'ec2',
    region: 'local-1',
    ...(method === 'POST'
      ? { body: form, headers: { 'Content-Type': 'application/x-www-form-urlencoded; charset=utf-8' } }
      : {}),
  }
  const signed = sign(request, ANNS_KEY)
  const headers = Object.entries(signed.headers).filter(([name]) => name !== 'Host' && name !== 'Content-Length')
  const answer = await fetch(server.url + request.path, {
    method,
    headers: headers.map(([name, value]): [string, string] => [name, String(value)]),
    ...(method === 'POST' ? { body: form } : {}),
  })
  return { status: answer.status, headers: answer.headers, body: await answer.text() }
}
const unnumbered = (xml: string) => pretty(xml).replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'REQUEST-ID')

test('POST of a form and GET of a query, at any path, say the same', async () => {
  const form = 'Action=DescribeRegions&Version=2016-11-15'
  for (const answer of [
    await ask(form),
    await ask(form, { method: 'GET' }),
    await ask(form, { path: '/services/Cloud/' }),
    await ask(form, { method: 'GET', path: '/ec2/' }),
  ]) {
    expect(answer.status).toBe(200)
    expect(texts(answer.body, 'regionName')).toEqual(['local-1'])
    expect(texts(answer.body, 'regionEndpoint')).toEqual([server.host])
  }
})

test('an answer says what it is and bears the request id, in XML and header', async () => {
  const { headers, body } = await ask('Action=DescribeRegions')
  expect(headers.get('content-type')).toBe('text/xml;charset=UTF-8')
  expect(Number(headers.get('content-length'))).toBe(Buffer.byteLength(body))
  const [id] = texts(body, 'requestId')
  expect(id).toMatch(UUID)
  expect(headers.get('x-amzn-requestid')).toBe(id)
})

test('golden: an error of EC2', async () => {
  const { status, body, headers } = await ask('Action=DescribeInstances&InstanceId.1=i-12345678')
  expect(status).toBe(400)
  expect(texts(body, 'RequestID')[0]).toBe(headers.get('x-amzn-requestid'))
  expectGolden('ec2/error.xml', unnumbered(body))
})

test('golden: DryRun', async () => {
  const { status, body } = await ask('Action=DescribeRegions&DryRun=true')
  expect(status).toBe(412)
  expectGolden('ec2/DryRun.xml', unnumbered(body))
})

test('parameters may be in the query and in the form', async () => {
  const request = await ask('Version=2014-10-01', { path: '/?Action=DescribeRegions' })
  expect(request.status).toBe(200)
  expect(request.body).toContain('/doc/2014-10-01/')
})

test('a form with bad encoding is refused in EC2 words', async () => {
  const { status, body } = await ask('Action=DescribeRegions&x=%ff')
  expect([status, ...texts(body, 'Code')]).toEqual([400, 'MalformedQueryString'])
})

test.each<[string, ReturnType<typeof fault>, number, string]>([
  ['a part of ours is away', fault('unavailable', 'the store is away'), 503, 'Unavailable'],
  ['a bug', fault('internal', 'an internal error has occurred', { cause: new Error('secret') }), 500, 'InternalError'],
  ['no room', fault('no-capacity', 'fits no host'), 400, 'InsufficientInstanceCapacity'],
])('%s', async (_what, thrown, status, code) => {
  operations.listZones = async () => {
    throw thrown
  }
  const answer = await ask('Action=DescribeAvailabilityZones')
  expect([answer.status, ...texts(answer.body, 'Code')]).toEqual([status, code])
  expect(answer.headers.get('retry-after')).toBe(status === 503 ? '1' : null)
  expect(answer.body).not.toContain('secret')
})

test('what was thrown and is no fault is told as an internal error, without its words', async () => {
  operations.listZones = async () => {
    throw new TypeError('x is not a function')
  }
  const { status, body } = await ask('Action=DescribeAvailabilityZones')
  expect([status, ...texts(body, 'Code')]).toEqual([500, 'InternalError'])
  expect(body).not.toContain('not a function')
})

describe('STS and IAM on the same URL', () => {
  test('golden: GetCallerIdentity', async () => {
    const { status, body } = await ask('Action=GetCallerIdentity&Version=2011-06-15')
    expect(status).toBe(200)
    expect(texts(body, 'Account')).toEqual(['123456789012'])
    expect(texts(body, 'Arn')).toEqual(['arn:aws:iam::123456789012:user/ann'])
    expectGolden('ec2/GetCallerIdentity.xml', unnumbered(body))
  })

  test('it is known by its action too', async () => {
    expect(texts((await ask('Action=GetCallerIdentity')).body, 'Account')).toEqual(['123456789012'])
  })

  test('golden: the rest is refused in the form of the service', async () => {
    const sts = await ask('Action=AssumeRole&Version=2011-06-15')
    expect(sts.status).toBe(403)
    expectGolden('ec2/sts-error.xml', unnumbered(sts.body))
    const iam = await ask('Action=ListRoles&Version=2010-05-08')
    expect([iam.status, ...texts(iam.body, 'Code')]).toEqual([403, 'AccessDenied'])
    expect(iam.body).toContain('xmlns="https://iam.amazonaws.com/doc/2010-05-08/"')
    expect(texts((await ask('Version=2011-06-15')).body, 'Code')).toEqual(['MissingAction'])
  })

  test('who is nobody hears it in the form of the service', async () => {
    const answer = await fetch(`${server.url}/?Action=GetCallerIdentity&Version=2011-06-15`)
    const body = await answer.text()
    expect([answer.status, ...texts(body, 'Code')]).toEqual([403, 'MissingAuthenticationToken'])
    expect(body).toContain('<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">')
  })
})
