/** Drafts of JSON name a resource's links by their id or location, and describe them beside the resource (rOCCI-core 4.3). */
import { array, type Members, wrong } from '../../model/occi/json-values'

export interface Beside {
  /** Each with the links that it names in their places. */
  readonly resources: readonly Members[]
  /** Those links: they are nobody else's, for a link has one source. */
  readonly named: ReadonlySet<unknown>
}

/** Throws 'malformed' for a name that no link or several bear, and for a link that is named twice: so all is done in one pass. */
export function linksBeside(resources: readonly Members[], links: readonly unknown[]): Beside {
  const described = linksByName(links)
  const named = new Set<unknown>()
  const linkNamed = (name: string, field: string): unknown => {
    const link = described.get(name)
    if (link === undefined) throw wrong(field, 'names a link that is not described beside it')
    if (link === null) throw wrong(field, 'names a link that is described twice beside it')
    if (named.has(link)) throw wrong(field, 'names a link that was named before')
    named.add(link)
    return link
  }
  const whole = resources.map((resource, index) => {
    const field = `resources[${index}].links`
    const its = array(resource.links, field)
    if (!its.some((one) => typeof one === 'string')) return resource
    return { ...resource, links: its.map((one) => (typeof one === 'string' ? linkNamed(one, field) : one)) }
  })
  return { resources: whole, named }
}

/** Null: several bear that name. */
function linksByName(links: readonly unknown[]): ReadonlyMap<string, object | null> {
  const found = new Map<string, object | null>()
  for (const link of links) {
    if (typeof link !== 'object' || link === null) continue
    const { id, location } = link as Members
    for (const name of new Set([id, location]))
      if (typeof name === 'string') found.set(name, found.has(name) ? null : link)
  }
  return found
}
