/** The attributes of one kind as a client sent them, held against its definitions. */
import { fault } from '../../faults'
import { allAttributes, type Entity, type LinkEntity } from '../entities/entity'
import type { KindCategory, Scalar } from '../model/category'
import { type AttributeInput, at, detailOf } from '../parse'
import { attributeValue, sameValue } from './values'

export type Values = ReadonlyMap<string, Scalar>

/**
 * Those that a client may set, by name. Attributes of name spaces that nobody knows are left out; what only the server sets is left
 * out too when it is what `present` shows, or when nothing is there yet (who sends it had it from us). Throws 'unknown-field',
 * 'invalid', 'combination' (two values for one name), 'immutable'.
 */
export function entityValues(
  inputs: readonly AttributeInput[],
  kind: KindCategory,
  present?: Entity | LinkEntity,
): Values {
  const shown = new Map(present && allAttributes(present).map(({ name, value }) => [name, value]))
  const values = new Map<string, Scalar>()
  for (const input of inputs) {
    const { name, where } = input
    const definition = kind.attributes.get(name)
    if (definition === undefined) {
      if (name.startsWith('occi.'))
        throw fault('unknown-field', `a ${kind.term} has no attribute ${name}${at(where)}`, detailOf(where))
      continue
    }
    if (!definition.mutable) {
      const before = shown.get(name)
      const isSame = before === undefined || sameValue(before, input.value as Scalar)
      if (present && !isSame && !/\.(?:state(?:\.message)?|used)$/.test(name))
        throw fault('immutable', `${name} is set by the server alone`, { field: name })
      continue
    }
    const value = attributeValue(input, definition)
    const known = values.get(name)
    if (known !== undefined && !sameValue(known, value))
      throw fault('combination', `${name} is given twice with different values${at(where)}`, detailOf(where))
    values.set(name, value)
  }
  return values
}

/** The value of a string attribute; undefined when it is not there or empty. */
export const textIn = (values: Values, name: string): string | undefined => {
  const value = values.get(name)
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** Size of a volume, whole GiB: what is asked for in parts is rounded up, so that nobody gets less. */
export function gibibytesIn(values: Values): number | undefined {
  const value = values.get('occi.storage.size')
  return typeof value === 'number' ? Math.ceil(value - 1e-9) : undefined
}
