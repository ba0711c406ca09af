import type { MixinId } from '../../model/ids'
import type { MixinCategory } from '../model/category'

/** The mixins that users made, among others. */
export const ownOf = (mixins: readonly MixinCategory[]): readonly MixinId[] =>
  mixins.flatMap(({ own }) => (own === null ? [] : [own]))
