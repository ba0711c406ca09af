/** `?action=` on computes, as an operation value (GFD.224 §3.1.2). */
import { fault } from '../../faults'
import type { Model } from '../model'
import type { ActionCategory, Scalar } from '../model/category'
import { COMPUTE_ACTIONS } from '../model/names'
import { at, type Document, detailOf } from '../parse'
import { attributeValue } from './values'

export type ComputeAct =
  | { readonly do: 'power'; readonly to: 'on' | 'off' | 'suspended'; readonly how: 'graceful' | 'hard' }
  | { readonly do: 'restart'; readonly how: 'warm' | 'cold' }
  | { readonly do: 'save'; readonly how: 'hot' | 'deferred'; readonly name: string | null }

/**
 * Throws 'unknown-field' for an action that a compute has not, 'unsupported' for one that is not served, 'combination' when query
 * and body disagree, 'invalid' for a method that is none of its own.
 */
export function computeAct(term: string, document: Document, model: Model): ComputeAct {
  const action = actionNamed(term, model)
  refuseDisagreement(action, document)
  return meaning(action.term, parametersOf(action, document))
}

function actionNamed(term: string, model: Model): ActionCategory {
  const served = model.announced.actions.find((one) => one.id === COMPUTE_ACTIONS + term)
  if (served !== undefined) return served
  const allowed = model.announced.actions.filter(({ scheme }) => scheme === COMPUTE_ACTIONS).map((one) => one.term)
  if (model.find(COMPUTE_ACTIONS + term) !== undefined)
    throw fault('unsupported', `the action ${term} is not served here`, { field: 'action', allowed })
  throw fault('unknown-field', `a compute has no action ${JSON.stringify(term.slice(0, 64))}`, {
    field: 'action',
    allowed,
  })
}

/** No body at all is fine: the term in the query says it all. */
export function refuseDisagreement(action: ActionCategory, document: Document): void {
  const other = document.categories.find(({ id }) => id !== action.id)
  if (other !== undefined)
    throw fault(
      'combination',
      `the query says ${action.id}, the body ${other.id}${at(other.where)}`,
      detailOf(other.where),
    )
  const notAction = document.categories.find((one) => one.class !== null && one.class !== 'action')
  if (notAction !== undefined)
    throw fault('combination', `${action.id} is an action, no ${notAction.class}`, detailOf(notAction.where))
  if (document.links.length > 0 || document.locations.length > 0 || document.entities !== undefined)
    throw fault('combination', 'an action takes attributes only, no links or locations', { field: 'Link' })
}

type Parameters = ReadonlyMap<string, Scalar>

/** By name. Clients send titles along; what an action has no parameter for is named, but for the attributes of core. */
function parametersOf(action: ActionCategory, { attributes }: Document): Parameters {
  const defaults = [...action.attributes.values()].flatMap(({ name, default: value }) =>
    value === null ? [] : [[name, value] as const],
  )
  const given = attributes.flatMap((input) => {
    if (input.name.startsWith('occi.core.')) return []
    const definition = action.attributes.get(input.name)
    if (definition === undefined)
      throw fault('unknown-field', `${action.term} has no parameter ${input.name}${at(input.where)}`, {
        ...detailOf(input.where),
        allowed: [...action.attributes.keys()],
      })
    return [[input.name, attributeValue({ ...input, value: respelled(input.value) }, definition)] as const]
  })
  return new Map([...defaults, ...given])
}

/** rOCCI-core 5.0 sends `deffered` (`actions/compute_save.yml`). */
const respelled = (value: unknown): unknown => (value === 'deffered' ? 'deferred' : value)

/** Suspending writes the memory to the host's disk already, so suspend and hibernate are the same deed. */
function meaning(term: string, parameters: Parameters): ComputeAct {
  const method = parameters.get('method')
  switch (term) {
    case 'start':
      return { do: 'power', to: 'on', how: 'graceful' }
    case 'stop':
      return { do: 'power', to: 'off', how: method === 'poweroff' ? 'hard' : 'graceful' }
    case 'suspend':
      return { do: 'power', to: 'suspended', how: 'graceful' }
    case 'restart':
      return { do: 'restart', how: method === 'cold' ? 'cold' : 'warm' }
    case 'save': {
      const name = parameters.get('name')
      return { do: 'save', how: method === 'hot' ? 'hot' : 'deferred', name: typeof name === 'string' ? name : null }
    }
    default:
      throw fault('unsupported', `the action ${term} is not served here`, { field: 'action' })
  }
}
