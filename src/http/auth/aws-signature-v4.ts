/**
 * AWS Signature Version 4, in the Authorization header or (presigned) in the query. The canonical request is rebuilt from raw
 * headers and the raw body: re-signing with a client library would drop headers that this client signed and that one would not.
 */
import { createHmac } from 'node:crypto'
import { type Pair, parsePairs } from '../../ec2/codec/form'
import { openSigningKeys } from './aws-signature-key'
import {
  authFailure,
  canonicalQuery,
  encodeStrictly,
  expired,
  headerOf,
  incomplete,
  type SignatureClaim,
  type SignedRequest,
  SKEW_MS,
  sameText,
  sha256,
} from './aws-signature-request'

/** What the request says of its signature, wherever it says it. */
interface Stated {
  readonly credential: string
  readonly signedHeaders: string
  readonly signature: string
  /** `20260131T120000Z` */
  readonly date: string
  /** How long it is good, ms; presigned requests choose it. */
  readonly lifetime: number
  readonly sessionToken: string | undefined
  readonly query: readonly Pair[]
}

interface Credential {
  readonly accessKeyId: string
  readonly day: string
  readonly region: string
  readonly service: string
}

export type AcceptsScope = (region: string, service: string) => boolean

const ALGORITHM = 'AWS4-HMAC-SHA256'
const MAX_EXPIRES = 7 * 24 * 3600
/** Of all that is signed in this process. */
const signingKeys = openSigningKeys()

/** Whether the request carries a V4 signature, right or wrong. */
export const isV4 = (request: SignedRequest): boolean =>
  headerOf(request, 'authorization')?.startsWith(ALGORITHM) === true ||
  /(?:^|&)X-Amz-(?:Algorithm|Credential)=/.test(request.query)

/** Faults, all 'unauthenticated': `incomplete` for what is malformed or left unsigned, `expired`, and none for what can only be wrong. */
export function readV4(request: SignedRequest, now: number, accepts: AcceptsScope): SignatureClaim {
  const stated = headerOf(request, 'authorization')?.startsWith(ALGORITHM)
    ? statedInHeader(request)
    : statedInQuery(request)
  const credential = credentialOf(stated)
  if (!accepts(credential.region, credential.service)) throw authFailure()
  checkDate(stated, credential, now)
  const names = signedHeaderNames(stated, request)
  const scope = `${credential.day}/${credential.region}/${credential.service}/aws4_request`
  const canonical = canonicalRequest(request, stated, names)
  const toSign = [ALGORITHM, stated.date, scope, sha256(canonical)].join('\n')
  return {
    accessKeyId: credential.accessKeyId,
    ...(stated.sessionToken ? { sessionToken: stated.sessionToken } : {}),
    madeWith: (secret) => {
      const key = signingKeys.of(secret, credential.day, credential.region, credential.service)
      return sameText(createHmac('sha256', key).update(toSign, 'utf8').digest('hex'), stated.signature)
    },
  }
}

function statedInHeader(request: SignedRequest): Stated {
  const text = (headerOf(request, 'authorization') ?? '').slice(ALGORITHM.length)
  const fields = new Map<string, string>()
  for (const part of text.split(',')) {
    const [, name, value] = /^\s*(\w+)=(\S*)\s*$/.exec(part) ?? []
    if (name === undefined || value === undefined || fields.has(name))
      throw incomplete('The Authorization header is malformed: expected Credential=, SignedHeaders=, Signature=')
    fields.set(name, value)
  }
  return {
    credential: fields.get('Credential') ?? '',
    signedHeaders: fields.get('SignedHeaders') ?? '',
    signature: fields.get('Signature') ?? '',
    date: headerDate(request),
    lifetime: SKEW_MS,
    // Signed, as every x-amz- header must be.
    sessionToken: headerOf(request, 'x-amz-security-token'),
    query: parsePairs(request.query),
  }
}

function headerDate(request: SignedRequest): string {
  const amz = headerOf(request, 'x-amz-date')
  if (amz !== undefined) return amz
  const date = Date.parse(headerOf(request, 'date') ?? '')
  return Number.isNaN(date) ? '' : new Date(date).toISOString().replace(/[-:]|\.\d{3}/g, '')
}

function statedInQuery(request: SignedRequest): Stated {
  const query = parsePairs(request.query)
  const fields = new Map(query)
  if (fields.size !== query.length) throw incomplete('A presigned request names a parameter twice')
  if (fields.get('X-Amz-Algorithm') !== ALGORITHM) throw incomplete(`X-Amz-Algorithm must be ${ALGORITHM}`)
  const expires = fields.get('X-Amz-Expires') ?? ''
  if (!/^\d{1,6}$/.test(expires) || Number(expires) < 1 || Number(expires) > MAX_EXPIRES)
    throw incomplete(`X-Amz-Expires must be between 1 and ${MAX_EXPIRES} seconds`)
  return {
    credential: fields.get('X-Amz-Credential') ?? '',
    signedHeaders: fields.get('X-Amz-SignedHeaders') ?? '',
    signature: fields.get('X-Amz-Signature') ?? '',
    date: fields.get('X-Amz-Date') ?? '',
    lifetime: Number(expires) * 1000,
    sessionToken: fields.get('X-Amz-Security-Token') ?? headerOf(request, 'x-amz-security-token'),
    query: query.filter(([name]) => name !== 'X-Amz-Signature'),
  }
}

function credentialOf({ credential, signedHeaders, signature }: Stated): Credential {
  const [, accessKeyId, day, region, service] =
    /^([\w.-]{1,128})\/(\d{8})\/([\w.-]{0,64})\/([\w.-]{1,64})\/aws4_request$/.exec(credential) ?? []
  if (!accessKeyId || !day || region === undefined || !service)
    throw incomplete('Credential must be <access key id>/<date>/<region>/<service>/aws4_request')
  if (signedHeaders === '' || !/^[0-9a-f]{64}$/.test(signature))
    throw incomplete('A signature needs SignedHeaders, and Signature as 64 hex digits')
  return { accessKeyId, day, region, service }
}

function checkDate({ date, lifetime }: Stated, { day }: Credential, now: number): void {
  const [, year, month, dayOfMonth, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(date) ?? []
  const at = Date.parse(`${year}-${month}-${dayOfMonth}T${hour}:${minute}:${second}Z`)
  if (Number.isNaN(at)) throw incomplete('A signature needs a date such as 20260131T120000Z in X-Amz-Date')
  if (!date.startsWith(day)) throw incomplete('The date of Credential is not that of the request')
  if (at - now > SKEW_MS || now - at > lifetime) throw expired()
}

/** Whoever could add an unsigned `x-amz-` header could change what the request means, so all of them must be signed. */
function signedHeaderNames({ signedHeaders }: Stated, request: SignedRequest): readonly string[] {
  const names = signedHeaders.split(';')
  const inOrder = names.every(
    (name, index) => name === name.toLowerCase() && (index === 0 || (names[index - 1] ?? '') < name),
  )
  if (!inOrder || !names.includes('host'))
    throw incomplete('SignedHeaders must be in lower case, sorted, and name host')
  const unsigned = [...request.headers.keys()].find((name) => name.startsWith('x-amz-') && !names.includes(name))
  if (unsigned !== undefined) throw incomplete(`'${unsigned.slice(0, 100)}' must be a signed header`)
  const absent = names.find((name) => !request.headers.has(name))
  if (absent !== undefined) throw incomplete(`the signed header '${absent.slice(0, 100)}' is missing`)
  return names
}

function canonicalRequest(request: SignedRequest, stated: Stated, names: readonly string[]): string {
  const headers = names.map((name) => {
    const values = (request.headers.get(name) ?? []).map((value) => value.trim().replace(/ {2,}/g, ' '))
    return `${name}:${values.join(',')}\n`
  })
  return [
    request.method,
    canonicalPath(request.path),
    canonicalQuery(stated.query),
    headers.join(''),
    stated.signedHeaders,
    payloadDigest(request),
  ].join('\n')
}

/** `.`, `..` and empty parts resolved, and each part, which is encoded already, encoded once more (all services but S3). */
function canonicalPath(path: string): string {
  const parts: string[] = []
  for (const part of path.split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '' && part !== '.') parts.push(encodeStrictly(part))
  }
  const end = parts.length > 0 && path.endsWith('/') ? '/' : ''
  return `/${parts.join('/')}${end}`
}

/** The body's digest; a declared one must be it. Bodies that are not signed as a whole are refused. */
function payloadDigest(request: SignedRequest): string {
  const digest = sha256(request.body)
  const declared = headerOf(request, 'x-amz-content-sha256')
  if (declared === undefined || declared === digest) return digest
  throw /^(?:STREAMING-|UNSIGNED-PAYLOAD)/.test(declared) ? incomplete('The payload must be signed') : authFailure()
}
