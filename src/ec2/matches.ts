/** Which requests are EC2's: whatever the path, those that name an Action (exact case, so OCCI's `?action=` is not meant) or bear AWS credentials. */
import type { Request } from 'express'
import { isForm, queryOf } from './codec'

const IN_QUERY = /(?:^|&)(?:Action|AWSAccessKeyId|X-Amz-Algorithm|X-Amz-Credential)=/
const IN_FORM = /(?:^|&)(?:Action|AWSAccessKeyId)=/
const IN_HEADER = /^\s*AWS(?:4-HMAC-SHA256)?\s/

/** Looks at raw text only and never throws: whether the parameters can be read is told by the front. */
export function isEc2Request(req: Request): boolean {
  if (IN_HEADER.test(req.headers.authorization ?? '')) return true
  if (IN_QUERY.test(queryOf(req.originalUrl))) return true
  const body: unknown = req.body
  return Buffer.isBuffer(body) && isForm(req.headers['content-type']) && IN_FORM.test(body.toString('latin1'))
}
