/** EC2's ClientToken: the same token within 24 hours gets the first answer's machines; with other parameters a refusal. */
import { randomUUID } from 'node:crypto'
import { fault } from '../../faults'
import type { ComputeRecord } from '../../model/records'
import type { ChangeResult } from '../../store/store'
import type { Caller, Context } from '../context'
import type { Ran } from './ran'

/** The token of an order, and a digest of all else that it says. */
export interface OrderToken {
  readonly token: string
  readonly digest: string
}

export type KnownToken = Extract<ChangeResult, { readonly state: 'token' }>

/** What was kept for a token. Asked by a change that its own limit refuses, because the store's script looks at the token first. */
export async function knownToken(context: Context, caller: Caller, token: OrderToken): Promise<KnownToken | undefined> {
  const impossible = { project: caller.project, name: 'instances', by: 1, limit: -1 } as const
  const result = await context.store.change(
    {
      operationId: randomUUID(),
      actor: caller.actor,
      what: 'look-for-token',
      token: { project: caller.project, ...token },
      counters: [impossible],
    },
    context.clock.now(),
  )
  return result.state === 'token' ? result : undefined
}

/** The machines of the first answer as they are now. Faults: 'idempotency' when the parameters are others. */
export async function firstAnswer(
  context: Context,
  caller: Caller,
  { token }: { readonly token?: OrderToken },
  known: KnownToken,
): Promise<Ran> {
  if (known.digest !== token?.digest)
    throw fault('idempotency', 'this client token was used with other parameters', { field: 'token' })
  await context.mirror.fresh(caller.project)
  const records = idsOf(known.answer).map((id) => context.mirror.get('compute', id))
  return { computes: records.filter((record) => record !== undefined), repeated: true }
}

/**
 * The machines of an order that was answered before, for who can no longer say what it orders: its image is gone, or its launch template.
 * Undefined: the token is new. Faults: 'idempotency' when the parameters are others, 'unavailable'.
 */
export async function ranBefore(
  context: Context,
  caller: Caller,
  token: OrderToken,
): Promise<readonly ComputeRecord[] | undefined> {
  const known = await knownToken(context, caller, token)
  return known && (await firstAnswer(context, caller, { token }, known)).computes
}

function idsOf(answer: unknown): readonly string[] {
  const ids = typeof answer === 'object' && answer !== null && 'computes' in answer ? answer.computes : undefined
  return Array.isArray(ids) ? ids.filter((id) => typeof id === 'string') : []
}
