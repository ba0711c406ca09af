/** The links of a compute's description as orders, each by itself: for what goes into one script with the rest of it. */
import type { ComputeId } from '../../model/ids'
import type { Part } from '../../operations/together/operations'
import type { Entity } from '../entities/entity'
import type { LinkInput } from '../parse'
import { type Ground, linksIn } from './links'

export type LinkPart = Part<'connect' | 'attach' | 'associate' | 'setGroups'>

/** Throws what `linksIn` does. */
export function linkParts(compute: ComputeId, links: readonly LinkInput[], ground: Ground): readonly LinkPart[] {
  const { interfaces, attach, addresses, groups } = linksIn(links, ground)
  return [
    ...interfaces.map((order): LinkPart => ({ do: 'connect', order: { ...order, compute } })),
    ...attach.map((order): LinkPart => ({ do: 'attach', order: { ...order, compute } })),
    // The machine has an interface by then.
    ...addresses.map((address): LinkPart => ({ do: 'associate', order: { address, compute, former: 'stays' } })),
    ...(groups.length === 0 ? [] : [{ do: 'setGroups', order: { id: compute, groups, how: 'add' } } as const]),
  ]
}

/** Without those that are there already, as who sends back what it read names them: by their own location or id. */
export function newLinks(links: readonly LinkInput[], { links: there }: Entity): readonly LinkInput[] {
  const known = new Set(there.map(({ id }) => id))
  return links.filter(
    ({ self = '' }) => !known.has(self.slice(Math.max(self.lastIndexOf('/'), self.lastIndexOf(':')) + 1)),
  )
}
