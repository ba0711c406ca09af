import type { Request } from 'express'
import { isEc2Request } from '../../../src/ec2'

interface Sent {
  readonly url?: string
  readonly authorization?: string
  readonly type?: string
  readonly body?: string
}
const matches = ({ url = '/', authorization, type, body }: Sent): boolean =>
  isEc2Request({
    originalUrl: url,
    headers: { authorization, 'content-type': type },
    body: body === undefined ? undefined : Buffer.from(body),
  } as unknown as Request)

const FORM = 'application/x-www-form-urlencoded; charset=utf-8'

test.each<[string, Sent]>([
  ['an Action in the query', { url: '/?Action=DescribeRegions' }],
  ['at any path and place', { url: '/services/Cloud/?Version=1&Action=X' }],
  ['an Action in a form', { type: FORM, body: 'Version=2016-11-15&Action=RunInstances' }],
  ['a V4 header', { authorization: 'AWS4-HMAC-SHA256 Credential=x' }],
  ['a V2 form without an Action', { type: FORM, body: 'AWSAccessKeyId=AKIA' }],
  ['a presigned URL', { url: '/?X-Amz-Algorithm=AWS4-HMAC-SHA256' }],
  ['a V2 query', { url: '/?AWSAccessKeyId=AKIA&Signature=x' }],
  ['bad encoding, which the front will tell', { url: '/?Action=%ff' }],
])('EC2: %s', (_what, sent) => expect(matches(sent)).toBe(true))

test.each<[string, Sent]>([
  ['nothing', {}],
  ["OCCI's action", { url: '/compute/1?action=start' }],
  ["OCCI's action in a form", { type: FORM, body: 'action=start' }],
  ['a word that ends so', { url: '/?MyAction=x' }],
  ['a Basic header', { authorization: 'Basic YW5uOng=' }],
  ['a text that says Action', { type: 'text/occi', body: 'Action=x' }],
  ['an attribute that says Action', { type: FORM, body: 'Category: x; title="&amp;Action"' }],
  ['a body that was not read', { type: FORM }],
])('not EC2: %s', (_what, sent) => expect(matches(sent)).toBe(false))
