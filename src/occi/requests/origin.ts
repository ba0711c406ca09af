/** Where an order of a partner's gateway says that it comes from: read as it is told, believed or not by the operation. */
import { fault } from '../../faults'
import type { SignedOrigin } from '../../model/federation'
import { ORIGIN } from '../model/names'
import { type ComputeValue, textOf } from './compute-values'

/** Undefined: it says nothing of it. Fault: 'combination' where it says some of it only. */
export function originIn(values: ReadonlyMap<string, ComputeValue>): SignedOrigin | undefined {
  const told = Object.values(ORIGIN).filter((name) => textOf(values, name))
  if (told.length === 0) return undefined
  const missing = Object.values(ORIGIN).find((name) => !told.includes(name))
  if (missing !== undefined) throw fault('combination', `${told[0]} comes with ${missing}`, { field: missing })
  const text = (name: string): string => textOf(values, name) ?? ''
  return {
    order: text(ORIGIN.order),
    path: text(ORIGIN.path).split(' '),
    project: text(ORIGIN.project),
    signature: text(ORIGIN.signature),
  }
}
