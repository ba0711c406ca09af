/**
 * Pages of a listing. A NextToken names the last thing of its page by its place in the *whole* listing, in order of creation,
 * so nothing is skipped or repeated when things come, go or stop matching between two pages. It is bound to caller and action.
 */
import { createHash } from 'node:crypto'
import { fault } from '../faults'
import type { Ec2Context } from './action'
import { everything } from './filters/filter'

export interface PageOf<T> {
  readonly things: readonly T[]
  readonly next: string | undefined
}

export interface Paging<T> {
  readonly action: string
  readonly min: number
  readonly max: number
  readonly idOf: (thing: T) => string
  /** When it was made, ms: where to go on when the last thing itself is gone. */
  readonly madeAt: (thing: T) => number
}

export interface Asked {
  readonly MaxResults?: number | undefined
  readonly NextToken?: string | undefined
}

/** The next page of what matches; `all` itself where that is all of it. Faults: 'invalid' for MaxResults out of bounds and for a token that is not ours or not for this. */
export function page<T>(
  all: readonly T[],
  matches: (thing: T, index: number) => boolean,
  asked: Asked,
  paging: Paging<T>,
  context: Ec2Context,
): PageOf<T> {
  const limit = limitOf(asked.MaxResults, paging)
  const scope = scopeOf(paging.action, context.caller.account)
  if (matches === everything && all.length <= limit && !asked.NextToken) return { things: all, next: undefined }
  const things: T[] = []
  const start = startOf(all, asked.NextToken, scope, paging)
  for (const [index, thing] of all.slice(start).entries()) {
    if (!matches(thing, start + index)) continue
    const last = things.at(-1)
    if (things.length === limit && last !== undefined)
      return { things, next: formatToken(scope, paging.idOf(last), paging.madeAt(last)) }
    things.push(thing)
  }
  return { things, next: undefined }
}

function limitOf<T>(asked: number | undefined, { min, max }: Paging<T>): number {
  if (asked === undefined) return Number.POSITIVE_INFINITY
  if (asked < min || asked > max)
    throw fault('invalid', `Value (${asked}) for parameter MaxResults is invalid. Expected: ${min} to ${max}`, {
      field: 'MaxResults',
    })
  return asked
}

function startOf<T>(all: readonly T[], token: string | undefined, scope: string, paging: Paging<T>): number {
  if (token === undefined || token === '') return 0
  const [id, madeAt] = parseToken(token, scope)
  const last = all.findIndex((thing) => paging.idOf(thing) === id)
  if (last >= 0) return last + 1
  const later = all.findIndex((thing) => paging.madeAt(thing) >= madeAt)
  return later < 0 ? all.length : later
}

const scopeOf = (action: string, account: string): string =>
  createHash('sha256').update(`${account}/${action}`).digest('base64url').slice(0, 12)

const formatToken = (scope: string, id: string, madeAt: number): string =>
  Buffer.from(`${scope} ${madeAt} ${id}`, 'utf8').toString('base64url')

function parseToken(token: string, scope: string): readonly [id: string, madeAt: number] {
  const match = /^(\S{12}) (\d{1,16}) (.+)$/su.exec(Buffer.from(token, 'base64url').toString('utf8'))
  const [, itsScope, madeAt, id] = match ?? []
  if (itsScope !== scope || id === undefined)
    throw fault('invalid', 'The specified NextToken is not valid', { field: 'NextToken' })
  return [id, Number(madeAt)]
}

/** EC2 pages listings only, not ids that the caller named ('combination'). */
export function refusePagingOfNamed(
  ids: readonly string[] | undefined,
  maxResults: number | undefined,
  field: string,
): void {
  if (ids !== undefined && ids.length > 0 && maxResults !== undefined)
    throw fault('combination', `The parameter ${field} cannot be used with the parameter MaxResults`, { field })
}
