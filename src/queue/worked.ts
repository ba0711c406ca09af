/** Which kinds have jobs: a queue is filled only if every worker serves it, for nobody else would ever empty it. */
import { KINDS, type Kind } from '../model/ids'

const WITHOUT_JOBS = [
  'type',
  'project',
  'user',
  'key',
  'mixin',
  'keypair',
  'placementgroup',
  'launchtemplate',
  'launchtemplateversion',
] as const satisfies readonly Kind[]

/** What a worker has to serve: the compiler asks it for a number of jobs at a time for each of them. */
export type Worked = Exclude<Kind, (typeof WITHOUT_JOBS)[number]>

/** Whether there are jobs of that kind. */
export const isWorked = (kind: Kind): kind is Worked => !WITHOUT_JOBS.some((without) => without === kind)

/** All kinds that have jobs. */
export const WORKED: readonly Worked[] = KINDS.filter(isWorked)
