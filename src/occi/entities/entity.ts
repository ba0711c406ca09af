/** An entity as every rendering shows it, whatever record it came from (GFD.221 §4.5). */
import type { Scalar } from '../model/category'

/** Floats are marked, so that text writes `1.0` and JSON `1`. */
export interface Attribute {
  readonly name: string
  readonly value: Scalar
  readonly float?: true
  /** The value is the JSON text of an array: JSON shows the array. */
  readonly list?: true
}

export interface Entity {
  readonly kind: string
  /** Less its `urn:uuid:`. */
  readonly id: string
  /** `/compute/<id>`: no trailing slash. */
  readonly path: string
  readonly title: string | null
  readonly summary: string | null
  readonly mixins: readonly string[]
  /** All but those of core, which renderings make from the fields here. */
  readonly attributes: readonly Attribute[]
  /** Type identifiers of the actions that apply now. */
  readonly actions: readonly string[]
  /** Links that start here. */
  readonly links: readonly LinkEntity[]
}

export interface LinkEntity extends Entity {
  readonly source: { readonly path: string; readonly kind: string }
  readonly target: { readonly path: string; readonly kind: string }
}

export const isLink = (entity: Entity | LinkEntity): entity is LinkEntity => 'source' in entity

/** `urn:uuid:X`: rOCCI builds the URL from what follows, IM's OCCI connector keeps it as the id. */
export const urn = (id: string): string => `urn:uuid:${id}`

/** Attributes of core with those of the kind and its mixins, in the order that texts show. */
export function allAttributes(entity: Entity | LinkEntity): readonly Attribute[] {
  const core: Attribute[] = [{ name: 'occi.core.id', value: urn(entity.id) }]
  if (entity.title !== null) core.push({ name: 'occi.core.title', value: entity.title })
  if (entity.summary !== null) core.push({ name: 'occi.core.summary', value: entity.summary })
  if (isLink(entity))
    core.push(
      { name: 'occi.core.source', value: entity.source.path },
      { name: 'occi.core.target', value: entity.target.path },
    )
  return [...core, ...entity.attributes]
}
