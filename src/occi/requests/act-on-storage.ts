/** `?action=` on storages, as a change (GFD.224 §3.3, GFD.184 §3.3): a level, a size, or a snapshot. */
import { fault } from '../../faults'
import type { Model } from '../model'
import { STORAGE_ACTIONS } from '../model/names'
import type { Document } from '../parse'
import { servedAction } from './served-action'
import { attributeValue } from './values'

export type StorageAct =
  | { readonly online: boolean }
  | { readonly sizeGiB: number }
  /** Of OCCI 1.1: a copy of what is on it now, which EC2 shows as a snapshot. */
  | { readonly copy: 'backup' | 'snapshot' }

/** Throws 'unknown-field', 'combination', 'missing', 'invalid'. */
export function storageAct(term: string, document: Document, model: Model): StorageAct {
  const action = servedAction(term, document, model, { what: 'a storage', scheme: STORAGE_ACTIONS })
  if (term === 'backup' || term === 'snapshot') return { copy: term }
  if (term !== 'resize') return { online: term === 'online' }
  const definition = action.attributes.get('size')
  const input = document.attributes.find(({ name }) => name === 'size')
  if (input === undefined || definition === undefined)
    throw fault('missing', 'resize needs its parameter size, in GiB', { field: 'size' })
  return { sizeGiB: Math.ceil(Number(attributeValue(input, definition)) - 1e-9) }
}
