/** Orders that bear EC2's ClientToken: what was made once is answered once more, for 24 hours, even where it could no longer be had. */
import { randomUUID } from 'node:crypto'
import { fault } from '../faults'
import type { ChangeResult } from '../store/store'
import type { Propose } from './attempt'
import type { Caller, Context } from './context'
import type { OrderToken } from './order-token'

/** Tokens of one sort of order mean nothing to another. `longest`: characters, for each is a name in Redis for a day (EC2's limits). */
const SORTS = {
  machines: { scope: '', longest: 64 },
  volume: { scope: 'volume/', longest: 64 },
  image: { scope: 'image/', longest: 64 },
  import: { scope: 'import/', longest: 64 },
  reservation: { scope: 'reservation/', longest: 64 },
  template: { scope: 'template/', longest: 128 },
} as const

const SCOPES = Object.values(SORTS).flatMap(({ scope }) => (scope === '' ? [] : [scope]))
/** No token bears it. */
const APART = ' '

/** What it is kept as. Machines' tokens are kept as they are, but for those that would be another sort's then. */
function nameOf(sort: Once['sort'], token: string): string {
  const { scope } = SORTS[sort]
  const looksScoped = scope === '' && SCOPES.some((other) => token.startsWith(other))
  return `${looksScoped ? APART : scope}${token}`
}

export interface Once {
  readonly caller: Caller
  readonly sort: keyof typeof SORTS
  readonly order: { readonly token?: OrderToken; readonly dryRun?: boolean }
}

/** What the first answer stands for as it is now. Faults thrown by it are told to who repeats the order. */
export type Again<T> = (context: Context, answer: unknown) => T | Promise<T>

type Known = Extract<ChangeResult, { readonly state: 'token' }>

/**
 * The decision, kept under its token: who sends that again gets the first answer. Faults: 'invalid' for what is no token, at once; those of
 * the decision and of `again`; 'idempotency' for other parameters.
 */
export function once<T>(one: Once, decide: Propose<T>, again: Again<T>): Propose<T> {
  const token = tokenOf(one)
  if (token === undefined) return decide
  const first = async (context: Context, known: Known) => ({
    change: undefined,
    value: await firstAnswer(context, one, known, again),
  })
  return async (context, refusal) => {
    if (refusal?.state === 'token') return first(context, refusal)
    try {
      const { change, ...rest } = await decide(context, refusal)
      return { ...rest, change: change && { ...change, token } }
    } catch (thrown) {
      const known = await knownToken(context, one, token)
      if (known) return first(context, known)
      throw thrown
    }
  }
}

/**
 * What an order was answered with before, for who can no longer say what it orders: what it names is gone. Undefined: its token is new, or it
 * has none. Faults: 'idempotency' when the parameters are others, those of `again`, 'unavailable'.
 */
export async function answeredBefore<T>(context: Context, one: Once, again: Again<T>): Promise<T | undefined> {
  const token = tokenOf(one)
  const known = token && (await knownToken(context, one, token))
  return known && firstAnswer(context, one, known, again)
}

/** An id that an answer names; '' where it names none. */
export function idIn(answer: unknown, name: string): string {
  const named: Readonly<Record<string, unknown>> = { ...(answer as object) }
  return String(named[name] ?? '')
}

/** Faults: 'invalid'. */
function tokenOf({ caller, sort, order }: Once) {
  if (order.token === undefined) return undefined
  const { token, digest } = order.token
  const { longest } = SORTS[sort]
  if (token.length > longest || !/^[\x21-\x7e]+$/.test(token))
    throw fault('invalid', `a client token has 1 to ${longest} printable ASCII characters, no spaces`, {
      field: 'token',
    })
  return order.dryRun ? undefined : { project: caller.project, token: nameOf(sort, token), digest }
}

async function firstAnswer<T>(context: Context, one: Once, known: Known, again: Again<T>): Promise<T> {
  if (known.digest !== one.order.token?.digest)
    throw fault('idempotency', 'this client token was used with other parameters', { field: 'token' })
  await context.mirror.fresh(one.caller.project)
  return again(context, known.answer)
}

/** What was kept for a token. Asked by a change that its own limit refuses, because the store's script looks at the token first. */
async function knownToken(
  { store, clock }: Context,
  { caller }: Once,
  token: NonNullable<ReturnType<typeof tokenOf>>,
): Promise<Known | undefined> {
  const impossible = { project: caller.project, name: 'instances', by: 1, limit: -1 } as const
  const change = { operationId: randomUUID(), actor: caller.actor, what: 'look-for-token' }
  const result = await store.change({ ...change, token, counters: [impossible] }, clock.now())
  return result.state === 'token' ? result : undefined
}
