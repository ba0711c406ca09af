/** The key of an intent: the guard's and a provider's idempotency key. */
import type { AddressIntent } from '../../src/model/records'
import { STEP_NAMES, type StepName } from '../../src/model/step-names'
import type { StorageStep } from '../../src/model/storage'

/** What a record's job does, by the name that its keys bear. */
type KeyedStep = StepName | StorageStep | AddressIntent['step'] | 'snapshot' | 'leftover'

interface Keyed {
  /** Of the record. */
  readonly id: string
  readonly step: KeyedStep
  readonly direction: 'up' | 'down'
  /** Another one with each decision after a known outcome. */
  readonly attempt: number | string
}

/** Of a machine's own intent. */
export type KeyParts = Keyed & { readonly step: StepName; readonly attempt: number }

/** `<record>/<step>/<direction>/<attempt>`: open intents of a site that is upgraded are known by it to hosts and providers, so it never changes. */
export const formatKey = ({ id, step, direction, attempt }: Keyed): string => `${id}/${step}/${direction}/${attempt}`

/** The inverse; undefined for what no machine's job wrote. */
export function parseKey(text: string): KeyParts | undefined {
  const [id, stepText, direction, attempt, ...more] = text.split('/')
  const step = STEP_NAMES.find((known) => known === stepText)
  if (!id || !step || more.length > 0 || (direction !== 'up' && direction !== 'down')) return undefined
  return attempt !== undefined && /^\d+$/.test(attempt) ? { id, step, direction, attempt: Number(attempt) } : undefined
}
