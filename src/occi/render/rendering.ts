/** What every rendering can do; one small file each, twins of one another (GFD.229, GFD.226). */
import type { Body } from '../../fragments/body'
import type { Entity, LinkEntity } from '../entities/entity'
import type { Member, OcciVersion } from '../entities/member'
import type { Catalogue } from '../model/catalogue'

export interface Rendered {
  readonly headers: Readonly<Record<string, string>>
  readonly body: Body
}

/** For whom: where the caller's URLs begin (no trailing slash), and which version they speak. */
export interface Audience {
  readonly base: string
  readonly version: OcciVersion
}

export type CategoryCollection = Pick<Catalogue, 'kinds' | 'mixins' | 'actions'>

export interface Rendering {
  categories(collection: CategoryCollection): Rendered
  /** Locations in texts, full renderings in JSON. */
  collection(members: readonly Member[], audience: Audience): Rendered
  entity(member: Member, audience: Audience): Rendered
  /** The body of a 201. */
  created(member: Member, audience: Audience): Rendered
  /** The answer to an action, on one entity or on a collection. */
  acted(done: Member | readonly Member[], audience: Audience): Rendered
}

export type AnyEntity = Entity | LinkEntity

/** A body without headers. */
export const body = (content: Body): Rendered => ({ headers: {}, body: content })
