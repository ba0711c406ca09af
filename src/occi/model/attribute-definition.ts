/** Attribute definitions: from the JSON of a category file to a value that can check what clients send. */
import { Ajv, type ErrorObject } from 'ajv'
import type { AttributeDefinition, Scalar } from './category'

/** As a file has it, checked by the JSON Schema of category files. */
export interface RawDefinition {
  readonly type: AttributeDefinition['type']
  readonly mutable: boolean
  readonly required: boolean
  readonly description?: string
  readonly default?: Scalar
  readonly pattern?: Readonly<Record<string, unknown>>
}

const ajv = new Ajv({ strict: true, allErrors: false })

/** Throws an Error (of ajv) when `pattern` is no JSON Schema, and one of ours when the default is not allowed by it. */
export function attributeDefinition(name: string, raw: RawDefinition): AttributeDefinition {
  const validate = raw.pattern === undefined ? undefined : ajv.compile<unknown>(raw.pattern)
  const check = (value: Scalar): string | null =>
    validate === undefined || validate(value) ? null : because(validate.errors?.[0])
  const fallback = raw.default ?? null
  if (fallback !== null) {
    const wrong = isOfType(fallback, raw.type) ? check(fallback) : `must be a ${raw.type}`
    if (wrong !== null) throw new Error(`its default ${wrong}`)
  }
  return {
    name,
    type: raw.type,
    mutable: raw.mutable,
    required: raw.required,
    description: raw.description ?? null,
    default: fallback,
    integer: raw.pattern?.type === 'integer',
    check,
  }
}

/** Whether a value has the type that a definition names; an array is kept as its JSON text. */
export const isOfType = (value: unknown, type: AttributeDefinition['type']): value is Scalar =>
  type !== 'array' && typeof value === type && (typeof value !== 'number' || Number.isFinite(value))

function because(error: ErrorObject | undefined): string {
  if (error === undefined) return 'is not allowed'
  if (error.keyword === 'enum') return `must be one of ${(error.params.allowedValues as string[]).join(', ')}`
  if (error.keyword === 'pattern') return 'has not the form that its description asks for'
  return error.message ?? 'is not allowed'
}
