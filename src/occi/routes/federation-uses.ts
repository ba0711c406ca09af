/**
 * GET /federation/uses?month=2026-11: what a partner had here, by our books, as JSON in pages of its own form. It is no entity of the model:
 * nobody else finds anything there.
 */
import { fault } from '../../faults'
import type { Answer, Exchange, Front } from '../exchange'
import { nothingAt } from './nothing'

export const USES_PATH = '/federation/uses'
const PARAMETERS: ReadonlySet<string> = new Set(['month', 'after'])

/** To the second: both ends are cut, so that uses that follow each other leave no gap. */
const seconds = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`

/** Faults: 'not-found' for whoever is no partner, 'invalid' (month, after), 'unknown-field', 'unsupported' (another method), 'unavailable'. */
export async function showPartnerUses({ operations }: Front, exchange: Exchange): Promise<Answer> {
  const { method, path, query, caller } = exchange
  if (method !== 'GET' && method !== 'HEAD')
    throw fault('unsupported', `${method} is not defined on ${path}`, {
      reason: 'method',
      allowed: ['GET', 'HEAD', 'OPTIONS'],
    })
  const given = Object.fromEntries(query)
  const unknown = Object.keys(given).find((name) => !PARAMETERS.has(name))
  if (unknown !== undefined)
    throw fault('unknown-field', `there is no parameter ${unknown.slice(0, 64)} here`, { field: unknown.slice(0, 64) })
  const { month, after } = given
  const found = await operations.listPartnerUses(caller, {
    ...(month === undefined ? {} : { month }),
    ...(after === undefined ? {} : { after }),
  })
  if (found === null) throw nothingAt(path)
  const { at, uses, ...rest } = found
  const shown = uses.map(({ from, until, ...use }) => ({
    ...use,
    from: seconds(from),
    until: until === null ? null : seconds(until),
  }))
  const body = JSON.stringify({ ...rest, at: seconds(at), uses: shown })
  return { status: 200, headers: { 'Content-Type': 'application/json' }, body }
}
