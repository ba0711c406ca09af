/** How long something lasts, as people write it. */
import { fault } from '../faults'
import { parseDuration } from '../model/durations'

/** `12h`, `30d` in seconds. Throws 'invalid'. */
export function durationInSeconds(text: string, field = 'expires-in'): number {
  const seconds = parseDuration(text)
  if (seconds === undefined) throw fault('invalid', `${text} is no duration such as 90m, 12h or 30d`, { field })
  return seconds
}

/** What `--expires-in` and `--read-only` order of the admin API. */
export const limitsOf = (options: { readonly expiresIn?: unknown; readonly readOnly?: unknown }) => ({
  ...(typeof options.expiresIn === 'string' ? { expiresInSeconds: durationInSeconds(options.expiresIn) } : {}),
  ...(options.readOnly === true ? { access: 'read-only' as const } : {}),
})

export const READ_ONLY: readonly [flag: string, description: string] = [
  '--read-only',
  'refused for whatever changes something',
]
