/** A month's machines at a provider by both sides' books: checked here, and written for a worker to compare. */
import { RECONCILE, type StudyRecord } from '../../model/records'
import { monthAsked } from '../accounts/costs'
import type { Context, Operator } from '../context'
import { whole } from '../providers/check-order'
import { providerNamed } from '../providers/provider-named'
import { asked } from './ask'
import type { ReconcileStudy } from './operations'

/** Faults: 'invalid' (month, withinSeconds), 'not-found' for the provider, 'unavailable'. */
export function studyReconcile(context: Context, operator: Operator, ask: ReconcileStudy): Promise<StudyRecord> {
  const { provider, withinSeconds = RECONCILE.within.usual } = ask
  whole('withinSeconds', withinSeconds, 0, RECONCILE.within.most)
  const month = monthAsked(ask.month, context.clock.now())
  return asked(context, operator, 'study-reconcile', () => {
    const { id, wish } = providerNamed(context, provider)
    return { kind: 'reconcile', provider: id, providerName: wish.name, month, withinSeconds }
  })
}
