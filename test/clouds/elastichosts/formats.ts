/**
 * The API's two formats, text/plain and application/json, both ways. Written for the simulator alone: the driver has its own
 * reader and writer, so that each is tested by a twin that does not share its mistakes.
 */
import { refuse } from './refusal'

/** One object: keys as the API names them; a list is several values under one key. */
export type Properties = Readonly<Record<string, string | readonly string[]>>

export type Format = 'text' | 'json'

/** What goes out. `ids`: each under the name of its kind (`server`, `drive`, `resource`). */
export type Reply =
  | { readonly kind: 'done' }
  | { readonly kind: 'one'; readonly properties: Properties }
  | { readonly kind: 'many'; readonly all: readonly Properties[] }
  | { readonly kind: 'ids'; readonly of: string; readonly ids: readonly string[]; readonly columns?: readonly string[] }
  | { readonly kind: 'bytes'; readonly bytes: Buffer }

/** JSON numbers; all other values are strings there, counters too, as recorded from the real service. */
const NUMBERS = new Set(['cpu', 'smp', 'smp:cores', 'mem', 'size', 'started'])
const BOOLEANS = new Set(['persistent'])

/** The configuration in a request's body. Fault of the API: usage. */
export function readBody(contentType: string | undefined, body: Buffer): Record<string, string> {
  const text = body.toString('utf8')
  return /^application\/json\b/.test(contentType ?? '') ? readJson(text) : readText(text)
}

/** Lines `key value`; the key ends at the first space. */
function readText(text: string): Record<string, string> {
  const read: Record<string, string> = {}
  for (const line of text.split('\n')) {
    const trimmed = line.trim()
    if (trimmed === '') continue
    const space = trimmed.indexOf(' ')
    const key = space < 0 ? trimmed : trimmed.slice(0, space)
    read[key] = space < 0 ? '' : trimmed.slice(space + 1)
  }
  return read
}

function readJson(text: string): Record<string, string> {
  if (text.trim() === '') return {}
  const value = parsed(text)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw refuse('usage', 'expected an object')
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, scalar(key, one)]))
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    throw refuse('usage', 'cannot parse JSON')
  }
}

function scalar(key: string, value: unknown): string {
  if (Array.isArray(value)) return value.map((one) => scalar(key, one)).join(' ')
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    const text = String(value)
    if (text.includes('\n')) throw refuse('usage', `${key}: a value cannot contain a newline`)
    return text
  }
  throw refuse('usage', `${key}: expected a value`)
}

/** The body of a reply and what its header says it is. */
export function writeReply(reply: Exclude<Reply, { kind: 'done' | 'bytes' }>, format: Format): Written {
  const output = reply.kind === 'ids' ? 'list' : 'properties'
  return { output, body: format === 'json' ? asJson(reply) : asText(reply) }
}
export interface Written {
  readonly output: 'properties' | 'list'
  readonly body: string
}

function asJson(reply: Exclude<Reply, { kind: 'done' | 'bytes' }>): string {
  if (reply.kind === 'one') return JSON.stringify(jsonObject(reply.properties))
  if (reply.kind === 'many') return JSON.stringify(reply.all.map(jsonObject))
  return JSON.stringify(reply.ids.map((id) => ({ [reply.of]: id })))
}

const jsonObject = (properties: Properties): Record<string, unknown> =>
  Object.fromEntries(Object.entries(properties).map(([key, value]) => [key, jsonValue(key, value)]))

function jsonValue(key: string, value: string | readonly string[]): unknown {
  if (typeof value !== 'string') return value.length === 1 ? value[0] : value
  if (BOOLEANS.has(key)) return value === 'true'
  return NUMBERS.has(key) && /^[0-9]+$/.test(value) ? Number(value) : value
}

function asText(reply: Exclude<Reply, { kind: 'done' | 'bytes' }>): string {
  if (reply.kind === 'one') return textObject(reply.properties)
  if (reply.kind === 'many') return reply.all.map(textObject).join('\n')
  return reply.ids.map((id, index) => `${[id, reply.columns?.[index]].filter(Boolean).join(' ')}\n`).join('')
}

const textObject = (properties: Properties): string =>
  Object.entries(properties)
    .map(([key, value]) => `${key} ${typeof value === 'string' ? value : value.join(' ')}\n`)
    .join('')
