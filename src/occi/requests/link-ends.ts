/** The two ends of a link (GFD.221 §4.5.5), and what is not changed of one that is there. */
import { fault } from '../../faults'
import type { LinkEntity } from '../entities/entity'
import { locationPath } from '../path'
import { textIn, type Values } from './entity-values'

/** Throws 'missing' naming the attribute. */
export function linkEnds(values: Values): { readonly source: string; readonly target: string } {
  const end = (name: string): string => {
    const location = textIn(values, name)
    if (location === undefined) throw fault('missing', `a link needs ${name}`, { field: name })
    return location
  }
  return { source: end('occi.core.source'), target: end('occi.core.target') }
}

/** Sending back what was read is success; anything else is another link. Throws 'conflict' (409) naming the attribute. */
export function refuseLinkChanges(values: Values, link: LinkEntity, base: string): void {
  const shown = new Map(link.attributes.map(({ name, value }) => [name, value]))
  for (const [name, value] of values) {
    if (name === 'occi.core.title' || name === 'occi.core.summary') continue
    const end = name === 'occi.core.source' ? link.source : name === 'occi.core.target' ? link.target : undefined
    const now = end === undefined ? value : locationPath(String(value), base)
    if (now !== (end === undefined ? shown.get(name) : end.path))
      throw fault('conflict', `${name} of a link is not changed: delete it and make another one`, { field: name })
  }
}
