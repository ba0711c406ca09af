/** The key of an intent: the guard's and a provider's idempotency key. */
import type { StepName } from '../../src/model/records'

const STEPS: readonly StepName[] = [
  'disk',
  'network',
  'define',
  'power',
  'suspend',
  'reboot',
  'reset',
  'attach',
  'connect',
  'mark',
  'rules',
  'publish',
  'move',
]

export interface KeyParts {
  readonly id: string
  readonly step: StepName
  readonly direction: 'up' | 'down'
  readonly attempt: number
}

/** `<compute>/<step>/<direction>/<attempt>` */
export const formatKey = ({ id, step, direction, attempt }: KeyParts): string => `${id}/${step}/${direction}/${attempt}`

/** The inverse; undefined for what no machine's job wrote. */
export function parseKey(text: string): KeyParts | undefined {
  const [id, stepText, direction, attempt, ...more] = text.split('/')
  const step = STEPS.find((known) => known === stepText)
  if (!id || !step || more.length > 0 || (direction !== 'up' && direction !== 'down')) return undefined
  return attempt !== undefined && /^\d+$/.test(attempt) ? { id, step, direction, attempt: Number(attempt) } : undefined
}
