import type { Context } from '../context'
import { studyRebalance, studyWhatIf } from './ask'
import type { StudyOperations } from './operations'
import { studyQuote } from './quote'
import { findStudy, listStudies } from './read'
import { studyReconcile } from './reconcile'
import { cancelStudy, runStudy } from './run'

export const openStudies = (context: Context): StudyOperations => ({
  studyRebalance: (operator, ask) => studyRebalance(context, operator, ask),
  studyWhatIf: (operator, ask) => studyWhatIf(context, operator, ask),
  studyQuote: (operator, ask) => studyQuote(context, operator, ask),
  studyReconcile: (operator, ask) => studyReconcile(context, operator, ask),
  study: (_operator, id) => findStudy(context, id),
  listStudies: () => listStudies(context),
  runStudy: (operator, id) => runStudy(context, operator, id),
  cancelStudy: (operator, id) => cancelStudy(context, operator, id),
})
