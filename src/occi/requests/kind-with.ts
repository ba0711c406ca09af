import type { Model } from '../model'
import type { KindCategory } from '../model/category'

/** A kind with the attributes of mixins that all its entities may have, as if they were its own: clients leave the mixin out. */
export function kindWith(model: Model, id: string, ...mixins: readonly string[]): KindCategory {
  const kind = model.find(id) as KindCategory
  return {
    ...kind,
    attributes: new Map([...kind.attributes, ...mixins.flatMap((one) => [...(model.find(one)?.attributes ?? [])])]),
  }
}
