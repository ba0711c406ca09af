/**
 * One call of ours to a Xen host: through the guard, its refusals put into words (faults.ts). Work that takes seconds runs
 * detached under its key and is asked after for a short while, so that what is quick is done in one call and what is slow goes on
 * whatever becomes of the caller.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { asFault } from '../../../../src/faults'
import { type Effect, type EffectTicket, type HostTarget, type Ticket, withoutValue } from '../../driver'
import type { CallOptions, GuardedHost, Seen } from '../../guard/guarded-host'
import { explained } from './faults'

/** How long a call stays to see slow work through, ms; then it answers that it runs. */
const STAYS_MS = 3_000
const LOOK_AGAIN_MS = 1_000
/** Attached deeds have limits of their own (host/*.sh), all shorter. */
const ATTACHED_MS = 55_000

export interface XlHost {
  look(host: HostTarget, ticket: Ticket, deed: string, args?: readonly string[]): Promise<Seen>
  /** Attached: done or refused when it answers. */
  now(host: HostTarget, ticket: EffectTicket, deed: string, args?: readonly string[], input?: Buffer): Promise<Effect>
  /** The same, for what it prints. */
  answer(host: HostTarget, ticket: EffectTicket, deed: string, args: readonly string[]): Promise<string>
  /** Detached: it may answer 'running'. */
  slow(host: HostTarget, ticket: EffectTicket, deed: string, args?: readonly string[]): Promise<Effect>
  free(host: HostTarget, deed: string, args?: readonly string[], options?: CallOptions): Promise<Buffer>
}

async function told<T>(call: Promise<T>): Promise<T> {
  try {
    return await call
  } catch (thrown) {
    throw explained(asFault(thrown))
  }
}

export function xlHost(guarded: GuardedHost): XlHost {
  const attached = { deadlineMs: ATTACHED_MS }
  return {
    look: (host, ticket, deed, args = []) => told(guarded.look(host, ticket, deed, args)),
    now: async (host, ticket, deed, args = [], input) =>
      withoutValue(await told(guarded.effect(host, ticket, deed, args, { ...attached, ...(input ? { input } : {}) }))),
    answer: async (host, ticket, deed, args) => {
      const effect = await told(guarded.effect(host, ticket, deed, args, attached))
      return effect.state === 'done' ? effect.value : ''
    },
    slow: async (host, ticket, deed, args = []) => {
      const until = performance.now() + STAYS_MS
      for (let wait = 20; ; wait = Math.min(wait * 2, 500)) {
        const effect = await told(
          guarded.effect(host, ticket, deed, args, { detached: true, lookAgainMs: LOOK_AGAIN_MS }),
        )
        if (effect.state === 'done' || performance.now() + wait > until) return withoutValue(effect)
        await pause(wait)
      }
    },
    free: (host, deed, args = [], options) => told(guarded.free(host, deed, args, options)),
  }
}
