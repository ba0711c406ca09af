/** Attribute values held against their definitions. Text clients quote numbers and leave strings bare: what can only mean one thing is taken. */
import { fault } from '../../faults'
import { isOfType } from '../model/attribute-definition'
import type { AttributeDefinition, Scalar } from '../model/category'
import { type AttributeInput, at, detailOf } from '../parse'

/** The value in the type of its definition. Throws 'invalid' naming the attribute. */
export function attributeValue(input: AttributeInput, definition: AttributeDefinition): Scalar {
  const value = inType(input.value, definition.type)
  const wrong = value === undefined ? `must be a ${definition.type}` : definition.check(value)
  if (value === undefined || wrong !== null)
    throw fault('invalid', `${input.name} ${wrong}${at(input.where)}`, { ...detailOf(input.where), field: input.name })
  return value
}

function inType(value: unknown, type: AttributeDefinition['type']): Scalar | undefined {
  if (isOfType(value, type)) return value
  if (type === 'array') return arrayText(value)
  if (type === 'string' && (typeof value === 'number' || typeof value === 'boolean')) return String(value)
  if (type === 'number' && typeof value === 'string' && /^[+-]?\d+(?:\.\d+)?$/.test(value.trim())) return Number(value)
  if (type === 'boolean' && (value === 'true' || value === 'false')) return value === 'true'
  return undefined
}

/** JSON has arrays; in the other renderings one is a text. */
function arrayText(value: unknown): string | undefined {
  try {
    const parsed: unknown = typeof value === 'string' ? JSON.parse(value) : value
    return Array.isArray(parsed) ? JSON.stringify(parsed) : undefined
  } catch {
    return undefined
  }
}

/** Whether two values are the same to a client that read one and sends it back. */
export const sameValue = (a: Scalar, b: Scalar): boolean =>
  typeof a === 'number' && typeof b === 'number' ? Math.abs(a - b) < 1e-9 : a === b
