/** From the parameters of a request to the input of an action of STS or IAM. A refusal names the parameter. */
import { fault } from '../../faults'
import type { Pair } from '../codec'
import { isCommon, shorten } from '../codec'
import type { QueryAction, QueryInput } from './action'

const wrong = (name: string, value: string, rule: string) =>
  fault('invalid', `Value '${shorten(value)}' at '${name}' failed to satisfy constraint: ${rule}`, { field: name })

/** Faults: 'unknown-field', 'combination' (given twice), 'unsupported'; and those that QueryInput names. */
export function queryInput({ service, name: action, uses }: QueryAction, pairs: readonly Pair[]): QueryInput {
  const values = new Map<string, string>()
  for (const [name, value] of pairs) {
    if (isCommon(name)) continue
    const field = shorten(name)
    const use = Object.hasOwn(uses, name) ? uses[name] : undefined
    if (use === undefined)
      throw fault('unknown-field', `${service.toUpperCase()} ${action} has no parameter ${field}`, { field })
    if (use === 'refused')
      throw fault('unsupported', `The parameter ${field} is not supported by this gateway`, { field })
    if (values.has(name)) throw fault('combination', `The parameter ${field} is given twice`, { field })
    values.set(name, value)
  }
  const get = (name: string): string | undefined => values.get(name) || undefined
  return {
    get,
    required(name) {
      const value = get(name)
      if (value === undefined) throw fault('missing', `The request must contain the parameter ${name}`, { field: name })
      return value
    },
    whole(name, least, most) {
      const value = get(name)
      if (value === undefined) return undefined
      const number = /^\d{1,9}$/.test(value) ? Number(value) : Number.NaN
      if (number >= least && number <= most) return number
      throw wrong(name, value, `Member must be a whole number from ${least} to ${most}`)
    },
  }
}
