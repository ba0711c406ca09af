/**
 * What a description says of providers: the mixin `burst` of ours, the common template. What the words mean is checked by the operation;
 * an attribute of the mixin that there is not is refused here, for others that nobody knows are left out.
 */

import { fault } from '../../faults'
import { PROVIDER_KINDS } from '../../model/providers/record'
import { type BurstOrder, type BurstWish, keysOf, USER_DATA_KEY } from '../../model/providers/template'
import type { Model } from '../model'
import type { Scalar } from '../model/category'
import { type AttributeInput, at, detailOf } from '../parse'
import { type ComputeValue, textOf } from './compute-values'
import { asBase64 } from './credentials'

const PREFIX = 'org.occi-gateway.burst.'

export const BURST_ATTRIBUTES = {
  never: `${PREFIX}never`,
  regions: `${PREFIX}regions`,
  replaceable: `${PREFIX}replaceable`,
} as const

/** `org.occi-gateway.burst.ec2.subnet`; OCCI names attributes in lower case. */
export const sectionAttribute = (kind: string, key: string): string => `${PREFIX}${kind}.${key.toLowerCase()}`

/** Undefined: nothing. Faults: 'unknown-field', 'too-large'. */
export function burstIn(
  inputs: readonly AttributeInput[],
  values: ReadonlyMap<string, ComputeValue>,
  model: Model,
): BurstOrder | undefined {
  const strange = inputs.find(({ name }) => name.startsWith(PREFIX) && model.attribute(name) === undefined)
  if (strange !== undefined)
    throw fault('unknown-field', `there is no attribute ${strange.name}${at(strange.where)}`, detailOf(strange.where))
  const regions = textOf(values, BURST_ATTRIBUTES.regions)
  const sections = PROVIDER_KINDS.flatMap((kind) => {
    const said = keysOf(kind).flatMap((key) => {
      const value = textOf(values, sectionAttribute(kind, key))
      return value === undefined || value === '' ? [] : [[key, value] as const]
    })
    return said.length === 0 ? [] : [[kind, Object.fromEntries(said)] as const]
  })
  const userData = PROVIDER_KINDS.flatMap((kind) => {
    const name = sectionAttribute(kind, USER_DATA_KEY)
    const value = textOf(values, name)
    return value === undefined || value === '' ? [] : [[kind, asBase64({ field: name, value })] as const]
  })
  const order: BurstOrder = {
    ...(values.get(BURST_ATTRIBUTES.never)?.value === true ? { never: true } : {}),
    ...(regions === undefined || regions === '' ? {} : { regions: regions.split(',').map((one) => one.trim()) }),
    ...(values.get(BURST_ATTRIBUTES.replaceable)?.value === true ? { replaceable: true } : {}),
    ...(sections.length === 0 ? {} : { sections: Object.fromEntries(sections) }),
    ...(userData.length === 0 ? {} : { userData: Object.fromEntries(userData) }),
  }
  return Object.keys(order).length === 0 ? undefined : order
}

/** As it was said, but for what is secret. */
export function burstShown(burst: BurstWish | undefined): readonly { readonly name: string; readonly value: Scalar }[] {
  if (burst === undefined) return []
  const { never, regions, replaceable, sections = {} } = burst
  return [
    ...(never ? [{ name: BURST_ATTRIBUTES.never, value: true }] : []),
    ...(regions === undefined ? [] : [{ name: BURST_ATTRIBUTES.regions, value: regions.join(',') }]),
    ...(replaceable ? [{ name: BURST_ATTRIBUTES.replaceable, value: true }] : []),
    ...Object.entries(sections).flatMap(([kind, section]) =>
      Object.entries(section ?? {}).map(([key, value]) => ({ name: sectionAttribute(kind, key), value })),
    ),
  ]
}
