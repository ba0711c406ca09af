/** The parts of a request that a signature covers, as they came over the wire. */
import { hash, timingSafeEqual } from 'node:crypto'
import type { Request } from 'express'
import { type Fault, fault } from '../../faults'

export interface SignedRequest {
  readonly method: string
  /** As sent, not decoded. */
  readonly path: string
  /** As sent, without the question mark. */
  readonly query: string
  /** Lower-case names; every value in the order sent. */
  readonly headers: ReadonlyMap<string, readonly string[]>
  readonly body: Buffer
}

/** What a signature says: whose it is, and whether a secret made it. */
export interface SignatureClaim {
  readonly accessKeyId: string
  /** That came with it, and that it covers. */
  readonly sessionToken?: string
  /** Takes the same time whatever the secret. */
  madeWith(secret: string): boolean
}

/** Requests may be this much older or newer than our clock, ms. */
export const SKEW_MS = 15 * 60_000

/** Reads what is needed of an Express request; `req.body` must be the raw bytes. */
export function signedRequestOf(req: Request): SignedRequest {
  const mark = req.originalUrl.indexOf('?')
  return {
    method: req.method,
    path: mark < 0 ? req.originalUrl : req.originalUrl.slice(0, mark),
    query: mark < 0 ? '' : req.originalUrl.slice(mark + 1),
    headers: headersOf(req.rawHeaders),
    body: Buffer.isBuffer(req.body) ? req.body : Buffer.alloc(0),
  }
}

/** Node gives header bytes as latin1; clients sign them as UTF-8. */
const utf8 = (value: string): string => Buffer.from(value, 'latin1').toString('utf8')

function headersOf(raw: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const headers = new Map<string, string[]>()
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = (raw[index] ?? '').toLowerCase()
    const values = headers.get(name) ?? []
    values.push(utf8(raw[index + 1] ?? ''))
    headers.set(name, values)
  }
  return headers
}

/** The first value of a header. */
export const headerOf = (request: SignedRequest, name: string): string | undefined => request.headers.get(name)?.[0]

/** In hex. */
export const sha256 = (data: Buffer | string): string => hash('sha256', data)

const UNRESERVED = /^[\w.~-]*$/
const STAYS = new Set(Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~'))
const HEX = '0123456789ABCDEF'

/** RFC 3986: everything but letters, digits and `-._~`. Byte by byte, so that no text of a stranger's takes long. */
export function encodeStrictly(text: string): string {
  if (UNRESERVED.test(text)) return text
  const bytes = Buffer.from(text, 'utf8')
  const encoded = Buffer.allocUnsafe(3 * bytes.length)
  let end = 0
  for (const byte of bytes) {
    if (STAYS.has(byte)) encoded[end++] = byte
    else {
      encoded[end++] = 0x25
      encoded[end++] = HEX.charCodeAt(byte >> 4)
      encoded[end++] = HEX.charCodeAt(byte & 15)
    }
  }
  return encoded.toString('latin1', 0, end)
}

/** Pairs encoded and sorted as both signature versions want them: by code unit of the encoded name, then of the value. */
export function canonicalQuery(pairs: readonly (readonly [string, string])[]): string {
  const encoded = pairs.map(([name, value]) => [encodeStrictly(name), encodeStrictly(value)] as const)
  const order = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
  return encoded
    .sort(([nameA, valueA], [nameB, valueB]) => order(nameA, nameB) || order(valueA, valueB))
    .map(([name, value]) => `${name}=${value}`)
    .join('&')
}

/** The time it takes says nothing of where they differ; that their lengths do, anybody may know. */
export function sameText(a: string, b: string): boolean {
  const [one, other] = [Buffer.from(a, 'utf8'), Buffer.from(b, 'utf8')]
  return one.length === other.length && timingSafeEqual(one, other)
}

// One answer for a wrong key, a wrong secret and a changed request: which it was is nobody's business.
export const authFailure = (): Fault =>
  fault('unauthenticated', 'AWS was not able to validate the provided access credentials')
export const incomplete = (message: string): Fault => fault('unauthenticated', message, { reason: 'incomplete' })
/** The credentials themselves are past their end; told only to who has their secret. */
export const ended = (): Fault =>
  fault('unauthenticated', 'The security token included in the request is expired', { reason: 'ended' })
export const expired = (): Fault => fault('unauthenticated', 'Request has expired.', { reason: 'expired' })
