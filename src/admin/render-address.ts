/** Public addresses as the admin API shows them. */
import { ipOf } from '../model/provider-addresses'
import type { AddressView } from '../operations/addresses/operations'
import { isoTime } from './render-time'

export const showAddress = ({ record, state, message, pool, provider }: AddressView, project: string) => {
  const { id, wish } = record
  return {
    id,
    name: wish.name,
    ip: ipOf(record),
    project,
    pool: pool?.wish.name ?? provider?.wish.name ?? '',
    state,
    message,
    machine: wish.holder?.computeName ?? null,
    privateAddress: wish.holder?.privateAddress ?? null,
    title: wish.title,
    createdAt: isoTime(wish.createdAt),
  }
}

/** Those that their provider refuses or has lost, as the list of what is stuck shows them. */
export const showStuckAddress = (view: AddressView, project: string) => {
  const { journal, place } = view.record
  const since = isoTime(journal?.stuck?.since)
  return { ...showAddress(view, project), what: 'stuck', since, host: place?.hostName ?? null }
}
