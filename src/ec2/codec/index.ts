/** EC2 Query: form parameters to an action's typed input, typed output to its XML (wire facts: the official service model). */
import type { Body } from '../../fragments/body'
import type { Pair } from './form'
import { readerOf } from './read'
import { shapesOf } from './table'
import { parameterTree } from './tree'
import { dialectOf, writerOf } from './write'
import { element, escapeXml, XML_DECLARATION } from './xml'
import { XmlBody } from './xml-body'

export { isForm, type Pair, parsePairs, queryOf } from './form'
export { isKept, keep } from './kept'
export { isEc2Action, shapesOf } from './table'
export { isCommon, shorten } from './tree'
export { element, escapeXml, XML_DECLARATION } from './xml'

/** The typed input of an implemented action. Faults: 'missing', 'invalid', 'unknown-field', 'combination', 'too-large'. */
export function readInput(action: string, pairs: readonly Pair[]): Readonly<Record<string, unknown>> {
  const shapes = shapesOf(action)
  if (!shapes) throw new Error(`${action} is not in the EC2 table`)
  return readerOf(shapes[0])(parameterTree(pairs), '') as Readonly<Record<string, unknown>>
}

/**
 * An action's answer. The namespace names the version that was asked for and ends with a slash: libcloud reads answers without it
 * as empty.
 */
export function writeOutput(action: string, output: unknown, version: string, requestId: string): Body {
  const shapes = shapesOf(action)
  if (!shapes) throw new Error(`${action} is not in the EC2 table`)
  const into = new XmlBody()
  const id = element('requestId', escapeXml(requestId))
  into.add(`${XML_DECLARATION}<${action}Response xmlns="http://ec2.amazonaws.com/doc/${escapeXml(version)}/">${id}`)
  writerOf(shapes[1], dialectOf(version))(output, into)
  into.add(`</${action}Response>`)
  return into.body()
}
