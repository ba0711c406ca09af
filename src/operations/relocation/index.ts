import type { Context } from '../context'
import { cancelDrain, drainHost } from './drain'
import type { RelocationOperations } from './operations'
import { drainProgress } from './progress'
import { reschedule } from './reschedule'

export const openRelocationOperations = (context: Context): RelocationOperations => ({
  drainHost: (operator, name, order) => drainHost(context, operator, name, order),
  cancelDrain: (operator, name) => cancelDrain(context, operator, name),
  drainProgress: (_operator, name) => drainProgress(context, name),
  reschedule: (operator, nameOrId) => reschedule(context, operator, nameOrId),
})
