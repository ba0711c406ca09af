/**
 * A member of a collection: where it is, and how it looks in each rendering, made when first asked for and then kept.
 * Records are immutable and a new revision is a new object, so what is kept per record never grows old.
 */
import type { Entity, LinkEntity } from './entity'

/** OCCI 1.1 knows no state `error`. */
export type OcciVersion = '1.1' | '1.2'

export class Member {
  private readonly entities = new Map<OcciVersion, Entity | LinkEntity>()
  private readonly texts = new Map<string, string>()

  constructor(
    readonly path: string,
    /** Which array of a JSON collection it goes into. */
    readonly sort: 'resources' | 'links',
    private readonly build: (version: OcciVersion) => Entity | LinkEntity,
  ) {}

  entity(version: OcciVersion): Entity | LinkEntity {
    const known = this.entities.get(version) ?? this.build(version)
    this.entities.set(version, known)
    return known
  }

  /** One rendering of it; `name` tells renderings apart. */
  fragment(name: string, version: OcciVersion, render: (entity: Entity | LinkEntity) => string): string {
    const key = `${name} ${version}`
    const known = this.texts.get(key) ?? render(this.entity(version))
    this.texts.set(key, known)
    return known
  }
}
