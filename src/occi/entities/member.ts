/**
 * A member of a collection: where it is, and how it looks in each rendering, made when first asked for and then kept.
 * Records are immutable and a new revision is a new object, so what is kept per record never grows old.
 */
import { Piece } from '../../fragments/piece'
import type { Entity, LinkEntity } from './entity'

/** OCCI 1.1 knows no state `error`. */
export type OcciVersion = '1.1' | '1.2'

type Render = (entity: Entity | LinkEntity) => string

export class Member {
  private readonly entities = new Map<OcciVersion, Entity | LinkEntity>()
  private readonly pieces = { '1.1': new Map<Render, Piece>(), '1.2': new Map<Render, Piece>() }

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

  /** What a function makes of it, as bytes. */
  piece(version: OcciVersion, render: Render): Piece {
    const known = this.pieces[version].get(render)
    if (known) return known
    const piece = new Piece(render(this.entity(version)))
    this.pieces[version].set(render, piece)
    return piece
  }

  /** The same as text. */
  fragment(version: OcciVersion, render: Render): string {
    return this.piece(version, render).bytes.toString('utf8')
  }
}
