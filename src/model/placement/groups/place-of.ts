/** What counts as a place to a group: a host, a zone, or what an operator's label names. */
import { labelOf } from '../attributes'
import type { HostView } from '../demand'

/** A host without the label is a place by itself, so that a site whose racks nobody has named keeps machines on hosts apart. */
export function placeOf(host: Pick<HostView, 'id' | 'zone' | 'traits'>, over: string): string {
  if (over === 'host') return `host ${host.id}`
  if (over === 'zone') return `zone ${host.zone}`
  const label = labelOf(host, over.toUpperCase())
  return label === undefined ? `host ${host.id}` : `${over} ${label}`
}
