/** One EC2 request: which action, its input, its deed, its answer. */
import { fault } from '../faults'
import type { Body } from '../fragments/body'
import type { Caller } from '../operations/context'
import { type AnyAction, type Ec2Context, refuseUnsupported } from './action'
// With its name in full: './actions' would be actions.json.
import { ACTIONS } from './actions/index'
import { isEc2Action, type Pair, readInput, shorten, writeOutput } from './codec'
import { writeEc2Error } from './errors'
import { parameter, versionOf } from './parameters'

const BY_NAME: ReadonlyMap<string, AnyAction> = new Map(ACTIONS.map((action) => [action.name, action]))

export interface Answer {
  readonly status: number
  readonly body: Body
}

/**
 * Does what a request asks for. With DryRun all is checked that can be without writing (not every limit), and nothing done; success is
 * then told as the error DryRunOperation with status 412, which is what clients wait for.
 */
export async function dispatch(pairs: readonly Pair[], context: Ec2Context, requestId: string): Promise<Answer> {
  const version = versionOf(pairs)
  const action = actionOf(parameter(pairs, 'Action'))
  refuseToReaders(action, context.caller)
  const input = readInput(action.name, pairs)
  refuseUnsupported(action, input)
  const output = await action.run(input, context)
  if (input.DryRun === true) {
    const message = 'Request would have succeeded, but DryRun flag is set.'
    return { status: 412, body: writeEc2Error({ code: 'DryRunOperation', message, requestId }) }
  }
  return { status: 200, body: writeOutput(action.name, output, version, requestId) }
}

/** Whether an action only looks, by its name, as EC2 has it. */
const looks = (name: string): boolean => /^(?:Describe|Get|List)/.test(name)

/** Before anything else is looked at, so that DryRun says it too. */
function refuseToReaders({ name }: AnyAction, { access }: Caller): void {
  if (access === 'read-only' && !looks(name))
    throw fault('forbidden', `You are not authorized to perform this operation: ${name} with a read-only key.`)
}

function actionOf(name: string | undefined): AnyAction {
  const field = 'Action'
  if (name === undefined || name === '')
    throw fault('missing', 'The request is missing an action or operation parameter', { field })
  const action = BY_NAME.get(name)
  if (action) return action
  throw isEc2Action(name)
    ? fault('unsupported', `The action ${name} is not supported by this gateway`, { field })
    : fault('invalid', `The action ${shorten(name)} is not valid for this web service.`, { field })
}
