/** A request's parameters: its query and, where the body is a form, its body. Parsed once per request. */
import type { Request } from 'express'
import { fault } from '../faults'
import { isForm, type Pair, parsePairs, queryOf } from './codec'

const parsed = new WeakMap<Request, readonly Pair[]>()

/** All parameters in the order sent, the query's first. Fault: 'malformed'. */
export function parametersOf(req: Request): readonly Pair[] {
  const known = parsed.get(req)
  if (known) return known
  const pairs = [...parsePairs(queryOf(req.originalUrl)), ...parsePairs(formOf(req))]
  parsed.set(req, pairs)
  return pairs
}

/** The body as text when it is a form, else ''. */
export const formOf = (req: Request): string =>
  Buffer.isBuffer(req.body) && isForm(req.headers['content-type']) ? req.body.toString('utf8') : ''

/** The first value of a parameter. */
export const parameter = (pairs: readonly Pair[], name: string): string | undefined =>
  pairs.find(([candidate]) => candidate === name)?.[1]

/** What the SDKs have sent since 2016; clients that send no Version get it. */
const LATEST = '2016-11-15'

/** The `Version=` date; any date goes, the answer names it. Fault: 'invalid' for what is none. */
export function versionOf(pairs: readonly Pair[]): string {
  const version = parameter(pairs, 'Version') ?? LATEST
  if (!/^20\d\d-\d\d-\d\d$/.test(version))
    throw fault('invalid', 'The requested version of the service does not exist', { field: 'Version' })
  return version
}
