/** `?action=` on storages, as a change (GFD.224 §3.3): a level, or a size. */
import { fault } from '../../faults'
import type { Model } from '../model'
import { STORAGE_ACTIONS } from '../model/names'
import type { Document } from '../parse'
import { servedAction } from './served-action'
import { attributeValue } from './values'

export type StorageAct = { readonly online: boolean } | { readonly sizeGiB: number }

/** Throws 'unknown-field', 'unsupported' for what is known and not served (backup, snapshot), 'combination', 'missing', 'invalid'. */
export function storageAct(term: string, document: Document, model: Model): StorageAct {
  const action = servedAction(term, document, model, { what: 'a storage', scheme: STORAGE_ACTIONS })
  if (term !== 'resize') return { online: term === 'online' }
  const definition = action.attributes.get('size')
  const input = document.attributes.find(({ name }) => name === 'size')
  if (input === undefined || definition === undefined)
    throw fault('missing', 'resize needs its parameter size, in GiB', { field: 'size' })
  return { sizeGiB: Math.ceil(Number(attributeValue(input, definition)) - 1e-9) }
}
