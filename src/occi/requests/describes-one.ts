/** A document that describes several entities (JSON) has no place where one is wanted. Faults: 'combination'. */
import { fault } from '../../faults'
import type { Document } from '../parse'

export function describesOne(document: Document): Document {
  if (document.entities === undefined) return document
  throw fault('combination', `${document.entities.length} entities are described where one is wanted`)
}
