/**
 * What a machine is doing, from what its host shows; pure. The deeds decide by the same rules (host/10-domains.sh xl_state).
 *
 * `s` says that a domain is shut down and why: off when its guest powered off, still running when xl's monitor is about to start
 * it again, crashed when nobody is left who would. A paused domain under the mark of a start never ran.
 */
import type { DomainState } from '../../../../src/model/machine'
import type { Flags } from './parse/domains'

export interface Shown {
  readonly defined: boolean
  /** Of its domain; null: there is none. */
  readonly flags: Flags | null
  /** Word of its file `mark`; '': none. */
  readonly mark: string
  /** It was started and not ordered off. */
  readonly started: boolean
  /** A memory file lies there. */
  readonly memory: boolean
  /** xl's monitor of it lives. */
  readonly watched: boolean
  /** The process that saves it, or sends it to another host, lives. */
  readonly saves: boolean
  readonly hasDisks: boolean
}

export function stateOf(shown: Shown): DomainState {
  if (!shown.defined) return shown.hasDisks ? 'off' : 'absent'
  const { flags, mark, watched, saves } = shown
  const rest: DomainState = shown.memory || mark === 'restoring' ? 'saved' : 'off'
  if (flags === null) {
    const comesBack = mark === '' ? shown.started && watched : saves
    return rest === 'off' && comesBack ? 'running' : rest
  }
  if (flags.dying) return rest
  switch (flags.shutdown) {
    case 'poweroff':
      return rest
    case 'reboot':
    case 'soft-reset':
      return watched ? 'running' : 'crashed'
    case 'suspend':
      return saves ? 'running' : 'crashed'
    case 'crash':
    case 'watchdog':
      return 'crashed'
    case null:
      break
  }
  if (!flags.paused) return 'running'
  return mark === 'starting' ? 'off' : mark === 'restoring' ? 'saved' : 'paused'
}
