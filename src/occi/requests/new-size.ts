/** Another size for a compute that is there: a resource template, or cores and memory of its owner's own (GFD.224 §3.1, §3.5.2). */
import { fault } from '../../faults'
import type { ComputeRecord } from '../../model/records'
import type { ComputeUpdate } from '../../operations/operations'
import type { MixinCategory } from '../model/category'
import { type ComputeValue, numberOf } from './compute-values'

const CORES = 'occi.compute.cores'
const MEMORY = 'occi.compute.memory'
export const SIZES: ReadonlySet<string> = new Set([CORES, MEMORY])

const isSize = ({ gives }: MixinCategory): boolean => gives?.what === 'type' || gives?.what === 'sizes'

/** Whether a mixin that is put on asks for another size. */
export const asksForSize = (mixin: MixinCategory): boolean => isSize(mixin)

/**
 * A template replaces the former one at once and beats attributes beside it. Attributes alone give the compute sizes of its own;
 * beside the template that it has, which would beat them, they are refused. `named`: all templates that the request names.
 */
export function sizeWanted(
  values: ReadonlyMap<string, ComputeValue>,
  added: readonly MixinCategory[],
  named: readonly MixinCategory[],
  { wish }: ComputeRecord,
): Pick<ComputeUpdate, 'size'> {
  const templates = named.filter(isSize)
  if (templates.length > 1)
    throw fault('combination', `only one of ${templates.map(({ id }) => id).join(' and ')} can be chosen`, {
      field: 'mixins',
    })
  const gives = added.find(isSize)?.gives
  if (gives?.what === 'type') return { size: { type: gives.name } }
  if (gives?.what === 'sizes') return { size: { cores: gives.cores, memoryMiB: gives.memoryMiB } }
  const memory = numberOf(values, MEMORY)
  const cores = numberOf(values, CORES) ?? wish.size.cores
  const memoryMiB = memory === undefined ? wish.size.memoryMiB : Math.max(1, Math.round(memory * 1024))
  if (cores === wish.size.cores && memoryMiB === wish.size.memoryMiB) return {}
  const [kept] = templates
  if (kept)
    throw fault('combination', `${kept.id} says how large it is: leave it out to choose ${CORES} and ${MEMORY}`, {
      field: cores === wish.size.cores ? MEMORY : CORES,
    })
  return { size: { cores, memoryMiB } }
}
