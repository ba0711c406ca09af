/**
 * What a zone answers, as objects of keys and values, in either of its formats. Reading is total: whatever bytes come, it is objects
 * or undefined, and nothing is thrown. Order of keys means nothing, unknown keys are kept, a list is its members with spaces between
 * (as in text/plain), numbers and booleans are their text, an empty line may come first and the last newline may be missing.
 */

import { jsonOf } from '../../../../../src/model/json'
import { isDeeper } from '../../../../../src/model/nesting'

/** One object; keys as the API names them (`nic:0:dhcp:ip`). */
export type Properties = ReadonlyMap<string, string>

/** Objects of an answer; undefined: it is none of ours to read. The two formats cannot be mistaken: no key begins with a bracket. */
export function readObjects(body: Uint8Array): readonly Properties[] | undefined {
  const text = decoded(body)
  if (text === undefined) return undefined
  return /^\s*[[{]/.test(text) ? readJson(text) : readText(text)
}

function decoded(body: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body)
  } catch {
    return undefined
  }
}

/** A key has no space in it; other people's `user:` keys may look like anything else. What begins otherwise is a page for humans. */
const KEY = /^[a-z][!-~]*$/

function readText(text: string): readonly Properties[] | undefined {
  const objects: Properties[] = []
  let object = new Map<string, string>()
  for (const line of [...text.split(/\r?\n/), '']) {
    if (line === '') {
      if (object.size > 0) objects.push(object)
      object = new Map()
      continue
    }
    const space = line.indexOf(' ')
    const key = space < 0 ? line : line.slice(0, space)
    if (!KEY.test(key)) return undefined
    object.set(key, space < 0 ? '' : line.slice(space + 1))
  }
  return objects
}

function readJson(text: string): readonly Properties[] | undefined {
  const value = jsonOf(text)
  if (isDeeper(value, DEEPEST)) return undefined
  const all: readonly unknown[] = Array.isArray(value) ? value : [value]
  const objects = all.map(asObject)
  return objects.every((one) => one !== undefined) ? objects : undefined
}

/** A list of objects of lists, and a little more. */
const DEEPEST = 16

const asObject = (value: unknown): Properties | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? new Map(Object.entries(value).map(([key, one]) => [key, asText(one)]))
    : undefined

function asText(value: unknown): string {
  if (Array.isArray(value)) return value.map(asText).join(' ')
  if (typeof value === 'string') return value
  if (value === null) return ''
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/** The members of a list. */
export const listIn = (properties: Properties, key: string): readonly string[] =>
  (properties.get(key) ?? '').split(' ').filter((one) => one !== '')
