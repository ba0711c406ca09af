/** A size of an operator's own: a mixin that depends on resource_tpl and gives defaults for cores and memory. */
import type { MixinCategory } from './category'
import { badFile, type Found, type RawMixin } from './read-files'

const CORES = 'occi.compute.cores'
const MEMORY = 'occi.compute.memory'

/** The mixin with what it stands for in an order; throws 'invalid' with file, key and reason. */
export function sizeTemplate(mixin: MixinCategory, { file, key }: Found<RawMixin>): MixinCategory {
  const strange = [...mixin.attributes.keys()].find((name) => name !== CORES && name !== MEMORY)
  if (strange !== undefined)
    throw badFile(file, `${key}.attributes.${strange}`, `a resource template sets ${CORES} and ${MEMORY} only`)
  const cores = mixin.attributes.get(CORES)?.default
  const memory = mixin.attributes.get(MEMORY)?.default
  if (typeof cores !== 'number' || !Number.isInteger(cores) || cores < 1)
    throw badFile(file, `${key}.attributes.${CORES}`, 'needs a whole number from 1 up as its default')
  if (typeof memory !== 'number' || memory <= 0)
    throw badFile(file, `${key}.attributes.${MEMORY}`, 'needs a number of GiB above 0 as its default')
  return { ...mixin, gives: { what: 'sizes', cores, memoryMiB: Math.round(memory * 1024) } }
}
