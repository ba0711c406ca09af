/**
 * Mixins of an operator's own folder. A file there adds a size: a mixin that depends on resource_tpl and gives defaults for cores
 * and memory. Others are refused by name, because nothing would keep what they say.
 */
import type { MixinCategory } from './category'
import { RESOURCE_TPL } from './names'
import { badFile, type Found, type RawMixin } from './read-files'

const CORES = 'occi.compute.cores'
const MEMORY = 'occi.compute.memory'

/** The mixin with what it stands for in an order; throws 'invalid' with file, key and reason. */
export function sizeTemplate(mixin: MixinCategory, { file, key }: Found<RawMixin>): MixinCategory {
  if (!mixin.depends.includes(RESOURCE_TPL))
    throw badFile(file, `${key}.depends`, `only templates that depend on ${RESOURCE_TPL} can be added`)
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
