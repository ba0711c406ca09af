/** The action that `?action=` names, among those of one kind that are served. */
import { fault } from '../../faults'
import type { Model } from '../model'
import type { ActionCategory } from '../model/category'
import type { Document } from '../parse'
import { refuseDisagreement } from './act-on-compute'

export interface ActionsOf {
  /** For people: `a storage`. */
  readonly what: string
  readonly scheme: string
}

/** Throws 'unknown-field' for none of the kind's, 'unsupported' for what is known and not served, 'combination' when query and body disagree. */
export function servedAction(
  term: string,
  document: Document,
  model: Model,
  { what, scheme }: ActionsOf,
): ActionCategory {
  const served = model.announced.actions.filter((one) => one.scheme === scheme)
  const action = served.find((one) => one.term === term)
  const allowed = served.map((one) => one.term)
  if (action === undefined)
    throw model.find(scheme + term) === undefined
      ? fault('unknown-field', `${what} has no action ${JSON.stringify(term.slice(0, 64))}`, {
          field: 'action',
          allowed,
        })
      : fault('unsupported', `the action ${term} is not served here`, { field: 'action', allowed })
  refuseDisagreement(action, document)
  return action
}
