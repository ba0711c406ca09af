/** AWS Signature Version 2: libcloud's default, Eucalyptus and Nimbus drivers, Perl. In the query of a GET or the form of a POST. */
import { createHmac } from 'node:crypto'
import { isForm, type Pair, parsePairs } from '../../ec2/codec/form'
import {
  canonicalQuery,
  expired,
  headerOf,
  incomplete,
  type SignatureClaim,
  type SignedRequest,
  SKEW_MS,
  sameText,
} from './aws-signature-request'

const ALGORITHMS: Readonly<Record<string, 'sha256' | 'sha1'>> = { HmacSHA256: 'sha256', HmacSHA1: 'sha1' }

const pairsOf = (request: SignedRequest): readonly Pair[] => [
  ...parsePairs(request.query),
  ...(isForm(headerOf(request, 'content-type')) ? parsePairs(request.body.toString('utf8')) : []),
]

/** The claim, or undefined when the request has no V2 signature at all. Faults as readV4's. */
export function readV2(request: SignedRequest, now: number): SignatureClaim | undefined {
  const pairs = pairsOf(request)
  const fields = new Map(pairs)
  const signature = fields.get('Signature')
  const accessKeyId = fields.get('AWSAccessKeyId')
  if (signature === undefined && accessKeyId === undefined) return undefined
  if (fields.size !== pairs.length) throw incomplete('A parameter is given twice')
  const method = fields.get('SignatureMethod') ?? ''
  const algorithm = Object.hasOwn(ALGORITHMS, method) ? ALGORITHMS[method] : undefined
  if (!signature || !accessKeyId || !algorithm || fields.get('SignatureVersion') !== '2')
    throw incomplete('SignatureVersion 2 needs Signature, AWSAccessKeyId and SignatureMethod HmacSHA256 or HmacSHA1')
  checkTime(fields, now)
  const query = canonicalQuery(pairs.filter(([name]) => name !== 'Signature'))
  const texts = hostsOf(request).map((host) => [request.method, host, request.path || '/', query].join('\n'))
  const sessionToken = fields.get('SecurityToken')
  return {
    accessKeyId,
    ...(sessionToken ? { sessionToken } : {}),
    madeWith: (secret) =>
      texts
        .map((text) => sameText(createHmac(algorithm, secret).update(text, 'utf8').digest('base64'), signature))
        .includes(true),
  }
}

/** Some clients sign the host with its port, some without. */
function hostsOf(request: SignedRequest): readonly string[] {
  const host = (headerOf(request, 'host') ?? '').toLowerCase()
  return [host, host.replace(/:\d+$/, '')]
}

function checkTime(fields: ReadonlyMap<string, string>, now: number): void {
  const timestamp = fields.get('Timestamp')
  const expires = fields.get('Expires')
  if ((timestamp === undefined) === (expires === undefined))
    throw incomplete('SignatureVersion 2 needs either Timestamp or Expires')
  const text = timestamp ?? expires ?? ''
  const at = Date.parse(/(?:Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text}Z`)
  if (!/^\d{4}-\d\d-\d\dT/.test(text) || Number.isNaN(at))
    throw incomplete('A date such as 2026-01-31T12:00:00Z is expected')
  if (timestamp === undefined ? now > at : Math.abs(now - at) > SKEW_MS) throw expired()
}
