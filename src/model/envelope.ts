/** What every record has around its parts: who it is, whose, and the numbers that scripts compare. */
import type { Epoch } from './epoch'
import type { Kind, ProjectId } from './ids'

export interface Envelope<K extends Kind, Id extends string, Wish, Seen, Journal, Place> {
  readonly kind: K
  readonly id: Id
  /** null: public to the site (images, types, hosts, networks of the operator). */
  readonly project: ProjectId | null
  /** Raised by any change. */
  readonly rev: number
  /** Raised by a wish. */
  readonly generation: number
  /** Of the last claim. */
  readonly epoch: Epoch
  /** How often somebody put it on the agenda. */
  readonly wakes: number
  /** Raised whenever the life cycle name changes. */
  readonly phase: number
  readonly schema: number
  readonly wish: Wish
  readonly seen: Seen
  readonly journal: Journal
  readonly place: Place
}
