/** Flat parameters (`Filter.1.Value.2=x`) to a tree of names. Names are keys of Maps, so `__proto__` is a name like any other. */
import { fault } from '../../faults'
import { MAX_PARAMETERS, type Pair } from './form'

export interface Node {
  value?: string
  children?: Map<string, Node>
}

/** Deepest in the whole model: LaunchTemplateData.NetworkInterface.N.PrivateIpAddresses.N.Primary and the like, 8. */
export const MAX_DEPTH = 12

/** What belongs to the request, not to the action: who asks, which action, which signature. */
const COMMON: ReadonlySet<string> = new Set([
  'Action',
  'Version',
  'AWSAccessKeyId',
  'Signature',
  'SignatureMethod',
  'SignatureVersion',
  'Timestamp',
  'Expires',
  'SecurityToken',
  'ResponseLanguage',
  'Operation',
])

/** Sent by old clients, gone from the model: the addressing of 2008 (boto 2) and licences of 2013. They change nothing. */
const isDropped = (name: string): boolean => name === 'AddressingType' || name.startsWith('License.')

/** A list whose one value fog sends without a number, as EC2 takes it. */
const UNNUMBERED: ReadonlySet<string> = new Set(['RestorableBy'])

/** Whether a name is none of the action's own parameters. */
export const isCommon = (name: string): boolean => COMMON.has(name) || name.startsWith('X-Amz-') || isDropped(name)

/**
 * Builds the tree. Faults: 'too-large' for more than MAX_PARAMETERS, 'unknown-field' for a name deeper than MAX_DEPTH,
 * 'combination' for a name that comes twice or both with a value and with parts.
 */
export function parameterTree(pairs: readonly Pair[]): Node {
  if (pairs.length > MAX_PARAMETERS)
    throw fault('too-large', `The request has ${pairs.length} parameters; at most ${MAX_PARAMETERS} are accepted`)
  const root: Node = {}
  for (const [name, value] of pairs) {
    if (isCommon(name)) continue
    const node = nodeAt(root, UNNUMBERED.has(name) ? `${name}.1` : name)
    if (node.value !== undefined) throw twice(name)
    node.value = value
  }
  return root
}

function nodeAt(root: Node, name: string): Node {
  const parts = name.split('.')
  if (parts.length > MAX_DEPTH)
    throw fault('unknown-field', `The parameter ${shorten(name)} is not recognized`, { field: shorten(name) })
  let node = root
  for (const part of parts) {
    node.children ??= new Map()
    const child: Node = node.children.get(part) ?? {}
    node.children.set(part, child)
    node = child
  }
  return node
}

const twice = (name: string) =>
  fault('combination', `The parameter ${shorten(name)} is given twice`, { field: shorten(name) })

/** What a caller sent, short enough to say back. */
export const shorten = (text: string): string => (text.length > 100 ? `${text.slice(0, 100)}…` : text)
