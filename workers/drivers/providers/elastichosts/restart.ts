/**
 * A restart that asks the guest: shutdown, and when it is off, start; a zone has no such call. How far it is lies in a mark on the
 * server (`user:restart`), written before the button is pressed, so that a guest that is off is started again by whoever looks next.
 *
 *   asked    the button is about to be pressed, or was
 *   pressed  it was
 *   done     it was started again
 *
 * It is at-least-once: where an answer is lost between the start and its mark within the second in which the server was started
 * before, or the button is pressed twice, the guest may restart once more.
 */
import { createHash } from 'node:crypto'
import type { Server } from './api/objects'

export type RestartStep =
  | { readonly kind: 'done' }
  | { readonly kind: 'wait' }
  /** Neither on nor being restarted. */
  | { readonly kind: 'refuse' }
  /** Mark it as asked, press, mark it as pressed. */
  | { readonly kind: 'press' }
  /** Start it, mark it as done. */
  | { readonly kind: 'start' }

type Phase = 'asked' | 'pressed' | 'done'

/** A mark holds no newline and little else: the key of the intent, made short. */
export const shortKey = (key: string): string => createHash('sha256').update(key).digest('hex').slice(0, 24)

/** The mark of a phase. `startedAt`: since when the server ran as the restart began. */
export const restartMark = (key: string, phase: Phase, startedAt: number | null): string =>
  `${shortKey(key)} ${phase} ${startedAt ?? 0}`

/** Since when it ran as the restart of this key began; undefined: it did not begin. */
export function begunAt({ marks }: Pick<Server, 'marks'>, key: string): number | undefined {
  const [short, , started] = (marks.get('restart') ?? '').split(' ')
  return short === shortKey(key) ? Number(started) || 0 : undefined
}

/** What is to be done next for the restart of this key. */
export function nextOfRestart({ status, startedAt, marks }: Server, key: string): RestartStep {
  const [short, phase] = (marks.get('restart') ?? '').split(' ')
  const begun = begunAt({ marks }, key)
  if (short !== shortKey(key) || begun === undefined) return { kind: status === 'active' ? 'press' : 'refuse' }
  if (phase === 'done') return { kind: 'done' }
  if (status === 'stopped') return { kind: 'start' }
  if (status !== 'active') return { kind: 'wait' }
  if ((startedAt ?? 0) > begun) return { kind: 'done' }
  return { kind: phase === 'pressed' ? 'wait' : 'press' }
}
