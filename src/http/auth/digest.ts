/**
 * HTTP Digest (RFC 7616) by passport-http, beside Basic, where the site has it. The library knows no nonces of ours, compares
 * with a path that routers cut, takes requests without qop, and reads a header by an expression whose time grows with its
 * square. So the header is read here, strictly, and the library is handed what was read, with the whole URL that was asked for.
 */
import type { Request, RequestHandler, Response } from 'express'
import { DigestStrategy } from 'passport-http'
import { asFault, type Fault, fault } from '../../faults'
import { DIGEST_REALM, type DigestLogin } from '../../operations/identify/digest'

export interface DigestAnswer {
  readonly username: string
  readonly nonce: string
  readonly uri: string
  readonly response: string
  readonly cnonce: string
  /** Eight hex digits. */
  readonly nc: string
}

/** Whether a request logs in by Digest, rightly or wrongly. */
export const isDigest = (req: Pick<Request, 'headers'>): boolean =>
  /^\s*Digest\s/i.test(req.headers.authorization ?? '')

/** Sets `req.user` to a Caller, or hands on 'unauthenticated' with a challenge in the answer's header. */
export function digest({ login }: { readonly login: DigestLogin }): RequestHandler {
  const identify = async (req: Request, res: Response): Promise<void> => {
    const answer = readDigest(req.headers.authorization ?? '')
    if (answer === undefined || answer.uri !== req.originalUrl) throw refused(res, login, 'wrong')
    const from = { source: req.ip ?? '', requestId: req.requestId }
    const { ha1, caller } = await login.holder(answer.username, from)
    if (!(await isRight(req, answer, ha1)) || caller === undefined) throw refused(res, login, 'wrong')
    const used = await login.use(answer.nonce, Number.parseInt(answer.nc, 16))
    if (used !== 'fresh') throw refused(res, login, used === 'stale' ? 'stale' : 'wrong')
    req.user = caller
  }
  return (req, res, next) => {
    identify(req, res).then(() => next(), next)
  }
}

/** The challenge, with a nonce of its own each time. */
export const digestChallenge = (login: DigestLogin, why: 'first' | 'wrong' | 'stale' = 'first'): string =>
  [
    `Digest realm="${DIGEST_REALM}"`,
    `nonce="${login.nonce()}"`,
    'algorithm=MD5',
    'qop="auth"',
    ...(why === 'stale' ? ['stale=true'] : []),
  ].join(', ')

function refused(res: Response, login: DigestLogin, why: 'wrong' | 'stale'): Fault {
  res.setHeader('WWW-Authenticate', digestChallenge(login, why))
  return why === 'stale'
    ? fault('unauthenticated', 'the nonce is used up: answer the new one')
    : fault('unauthenticated', 'user or password is wrong')
}

const PARAMETER = /\s*([a-z]+)\s*=\s*(?:"([^"\\]*)"|([^\s",]+))\s*(?:,|$)/iy

/** Undefined for what is malformed, names a parameter twice, has another realm or algorithm, or has not qop=auth. */
export function readDigest(header: string): DigestAnswer | undefined {
  const text = header.replace(/^\s*Digest\s+/i, '')
  if (text.length > 8192) return undefined
  const found = new Map<string, string>()
  PARAMETER.lastIndex = 0
  while (PARAMETER.lastIndex < text.length) {
    const [, name = '', quoted, token] = PARAMETER.exec(text) ?? []
    const key = name.toLowerCase()
    if (key === '' || found.has(key)) return undefined
    found.set(key, quoted ?? token ?? '')
  }
  const of = (name: string): string => found.get(name) ?? ''
  const fits =
    of('realm') === DIGEST_REALM &&
    of('qop') === 'auth' &&
    (found.get('algorithm') ?? 'MD5').toUpperCase() === 'MD5' &&
    /^[0-9a-f]{8}$/i.test(of('nc')) &&
    /^[0-9a-f]{32}$/.test(of('response')) &&
    [...['username', 'nonce', 'uri', 'cnonce'].map(of)].every((value) => value !== '')
  if (!fits) return undefined
  const [username, nonce, uri] = [of('username'), of('nonce'), of('uri')]
  return { username, nonce, uri, response: of('response'), cnonce: of('cnonce'), nc: of('nc') }
}

/** The library's own check, on nothing but what was read above. */
function isRight(req: Request, answer: DigestAnswer, ha1: string): Promise<boolean> {
  const named = Object.entries({ ...answer, realm: DIGEST_REALM, qop: 'auth' })
  const authorization = `Digest ${named.map(([name, value]) => `${name}="${value}"`).join(', ')}`
  const asked = Object.create(req, {
    url: { value: answer.uri },
    headers: { value: { ...req.headers, authorization } },
  })
  return new Promise((resolve, reject) => {
    const known = (_name: string, done: (error: null, user: true, password: { ha1: string }) => void) =>
      done(null, true, { ha1 })
    const strategy = new DigestStrategy({ realm: DIGEST_REALM, qop: 'auth' }, known)
    const outcome = Object.assign(Object.create(strategy) as DigestStrategy, {
      success: () => resolve(true),
      fail: () => resolve(false),
      error: (thrown: unknown) => reject(asFault(thrown)),
    })
    outcome.authenticate(asked)
  })
}
