/** What an operator may say of an account beside its password: the settings of kind `occi` (src/model/providers/record.ts). */
import { fault } from '../../../../src/faults'
import type { ProviderTarget } from '../../../../src/model/providers/target'
import type { Rendering } from './api/write'

export interface Settings {
  /** auto: JSON where the server has that of OCCI 1.2, else text. */
  readonly rendering: Rendering | 'auto'
  readonly auth: 'basic' | 'token'
  /** Location of the network that machines are linked to; null: the one that the server gives. */
  readonly network: string | null
  /** Availability zone there, by term or type identifier; null: any. */
  readonly zone: string | null
}

/** Fault: 'refused', naming the setting. */
export function settingsOf({ settings }: Pick<ProviderTarget, 'settings'>): Settings {
  const word = <T extends string>(name: string, allowed: readonly [T, ...T[]]): T => {
    const said = settings[name]
    const found = said === undefined ? allowed[0] : allowed.find((one) => one === said)
    if (found === undefined) throw fault('refused', `setting ${name} is ${said}, and may be ${allowed.join(' or ')}`)
    return found
  }
  return {
    rendering: word('rendering', ['auto', 'application/occi+json', 'text/plain', 'text/occi']),
    auth: word('auth', ['basic', 'token']),
    network: settings.network ?? null,
    zone: settings.zone ?? null,
  }
}
