/** What a machine's job may do to it, by the names under which that is announced and keyed. */
export const STEP_NAMES = [
  'adopt',
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
  'resize',
  'move',
] as const

export type StepName = (typeof STEP_NAMES)[number]
