/** The attributes of a compute as a client sent them. */
import { fault } from '../../faults'
import type { Model } from '../model'
import type { AttributeDefinition, Scalar } from '../model/category'
import { COMPUTE, LINK, OPENSTACK_PUBLIC_KEY, OPENSTACK_USER_DATA, SSH_KEY, USER_DATA } from '../model/names'
import { type AttributeInput, at, detailOf } from '../parse'
import { attributeValue, sameValue } from './values'

/** Taken and not kept: they ask for nothing that could be refused later. */
export const HINTS: ReadonlySet<string> = new Set(['occi.compute.architecture', 'occi.compute.speed'])

/** ooi misspells one and reads the other. */
const SYNONYMS: Readonly<Record<string, string>> = {
  'occi.crendentials.ssh.publickey': 'occi.credentials.ssh.publickey',
  'occi.credentials.ssh_key': 'occi.credentials.ssh.publickey',
}

export interface ComputeValue {
  readonly definition: AttributeDefinition
  readonly value: Scalar
}

/**
 * By name. Attributes of other name spaces than `occi.` that nobody knows are left out (the 1.1 module sends some); those of
 * links too, since some clients send them with anything. Immutable ones are not checked: who sends them had them from us.
 * Throws 'unknown-field', 'invalid', 'combination' (two values for one name).
 */
export function computeValues(inputs: readonly AttributeInput[], model: Model): ReadonlyMap<string, ComputeValue> {
  const values = new Map<string, ComputeValue>()
  for (const input of inputs) {
    const name = Object.hasOwn(SYNONYMS, input.name) ? (SYNONYMS[input.name] ?? input.name) : input.name
    const definition = ofCompute(model, name)
    if (definition === undefined) {
      if (name.startsWith('occi.') && !ofLink(model, name))
        throw fault('unknown-field', `a compute has no attribute ${name}${at(input.where)}`, detailOf(input.where))
      continue
    }
    const value = definition.mutable ? attributeValue(input, definition) : loose(input)
    const before = values.get(name)
    if (before !== undefined && !sameValue(before.value, value))
      throw fault(
        'combination',
        `${name} is given twice with different values${at(input.where)}`,
        detailOf(input.where),
      )
    values.set(name, { definition, value })
  }
  return values
}

const loose = ({ value }: AttributeInput): Scalar =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : JSON.stringify(value)

const MIXINS = [SSH_KEY, USER_DATA, OPENSTACK_PUBLIC_KEY, OPENSTACK_USER_DATA]

function ofCompute(model: Model, name: string): AttributeDefinition | undefined {
  const owned = [COMPUTE, ...MIXINS].some((id) => attributesOf(model, id)?.has(name))
  return owned || name.startsWith('org.occi-gateway.') ? model.attribute(name) : undefined
}

const ofLink = (model: Model, name: string): boolean => attributesOf(model, LINK)?.has(name) ?? false

const attributesOf = (model: Model, id: string) => {
  const found = model.find(id)
  return found?.attributes
}

/** The value of a string attribute, or undefined. */
export const textOf = (values: ReadonlyMap<string, ComputeValue>, name: string): string | undefined => {
  const value = values.get(name)?.value
  return typeof value === 'string' ? value : undefined
}

/** The value of a number attribute, or undefined. */
export const numberOf = (values: ReadonlyMap<string, ComputeValue>, name: string): number | undefined => {
  const value = values.get(name)?.value
  return typeof value === 'number' ? value : undefined
}
