/** STS and IAM for oneself: which action, its input, its deed, its answer; polite refusals of everything else of theirs. */
import { fault } from '../../faults'
import type { Pair } from '../codec'
import { shorten } from '../codec'
import { parameter } from '../parameters'
import type { QueryAction, QueryContext } from './action'
import { QUERY_ACTIONS } from './actions'
import { queryInput } from './input'
import type { QueryService } from './services'
import { writeQueryAnswer } from './write'

export { type QueryService, queryServiceOf } from './services'

/**
 * The answer. Faults: 'missing' without an Action, 'unsupported' for what this gateway does not have, 'unauthenticated' for IAM
 * asked with a session's credentials, which AWS takes only from who has shown a second factor.
 */
export async function answerQueryService(
  service: QueryService,
  pairs: readonly Pair[],
  context: QueryContext,
  requestId: string,
): Promise<string> {
  const action = actionOf(service, parameter(pairs, 'Action'))
  const { caller } = context
  if (service.name === 'iam' && caller.temporary !== undefined)
    throw fault('unauthenticated', 'IAM takes an access key, not the temporary credentials of a session')
  const result = await action.run(queryInput(action, pairs), context)
  return writeQueryAnswer(service, action.name, result, requestId)
}

function actionOf(service: QueryService, name: string | undefined): QueryAction {
  const field = 'Action'
  if (name === undefined || name === '')
    throw fault('missing', 'The request must contain the parameter Action', { field })
  const action = QUERY_ACTIONS.find((one) => one.service === service.name && one.name === name)
  if (action) return action
  throw fault('unsupported', `${service.name.toUpperCase()} ${shorten(name)} is not supported by this gateway`, {
    field,
  })
}
