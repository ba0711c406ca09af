/** What operators send, from unknown to values. A refusal names the field. */
import type { Request } from 'express'
import { z } from 'zod'
import { fault } from '../faults'
import type { Operator } from '../operations/context'

/** The JSON body, checked. Faults: 'malformed', 'invalid', 'missing', 'unknown-field'. */
export const bodyOf = <T extends z.ZodType>(req: Request, shape: T): z.output<T> => checked(shape, json(req.body))

/** The query's parameters, checked. Faults: 'invalid', 'unknown-field'. */
export const queryOf = <T extends z.ZodType>(req: Request, shape: T): z.output<T> => checked(shape, { ...req.query })

/** A part of the path. */
export const pathOf = (req: Request, name: string): string => {
  const value = req.params[name]
  return typeof value === 'string' ? value : ''
}

/** Who asks; put there by the authenticator before these routes. */
export const operatorOf = (req: Request): Operator => {
  const user: unknown = req.user
  if (isOperator(user)) return user
  throw fault('unauthenticated', "the admin API wants an operator's token")
}

const isOperator = (user: unknown): user is Operator =>
  typeof user === 'object' && user !== null && 'actor' in user && !('project' in user)

function json(body: unknown): unknown {
  if (!Buffer.isBuffer(body) || body.length === 0) return {}
  try {
    return JSON.parse(body.toString('utf8'))
  } catch (cause) {
    throw fault('malformed', 'the body is no JSON', { cause })
  }
}

function checked<T extends z.ZodType>(shape: T, value: unknown): z.output<T> {
  const parsed = shape.safeParse(value)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  if (issue?.code === 'unrecognized_keys') {
    const field = [...issue.path, issue.keys[0] ?? ''].join('.')
    throw fault('unknown-field', `there is no field ${field}`, { field })
  }
  const field = issue?.path.join('.') ?? ''
  const at = issue?.path.reduce<unknown>((inner, key) => member(inner, key), value)
  if (at === undefined && field !== '') throw fault('missing', `${field} is missing`, { field })
  throw fault('invalid', field === '' ? 'the body is not as expected' : `${field}: ${issue?.message}`, { field })
}

const member = (value: unknown, key: PropertyKey): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined

/** A name or another short text. */
export const text = z.string('a text').min(1, 'a text that is not empty').max(512, 'at most 512 characters')
/** How many of something. */
export const amount = z.number('a number')
/** `true` or `false` in a body. */
export const truth = z.boolean('true or false')
