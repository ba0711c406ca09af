/** What a link to a network says of the interface (GFD.224 §3.4): its own request, or inline where a compute is described. */
import type { MixinId, NetworkId } from '../../model/ids'
import type { InterfaceAsked } from '../../operations/interfaces/operations'
import type { Model } from '../model'
import { IPNETWORKINTERFACE, NETWORKINTERFACE } from '../model/names'
import type { AttributeInput } from '../parse'
import { idAt } from '../path'
import { entityValues, textIn, type Values } from './entity-values'
import { kindWith } from './kind-with'

/** Fields of an order, as OCCI calls them. */
export const INTERFACE_FIELDS: Readonly<Record<string, string>> = {
  network: 'occi.core.target',
  address: 'occi.networkinterface.address',
  mac: 'occi.networkinterface.mac',
}

/** Throws what `entityValues` does. */
export const interfaceValues = (inputs: readonly AttributeInput[], model: Model): Values =>
  entityValues(inputs, kindWith(model, NETWORKINTERFACE, IPNETWORKINTERFACE))

/** The interface that is asked for. An address that is said to be dynamic is none of the caller's choice: it was copied from another one. */
export function interfaceAsked(
  values: Values,
  target: string,
  base: string,
  mixins: readonly MixinId[],
): InterfaceAsked {
  const isChosen = values.get('occi.networkinterface.allocation') !== 'dynamic'
  const address = isChosen ? textIn(values, 'occi.networkinterface.address') : undefined
  const mac = textIn(values, 'occi.networkinterface.mac')
  return {
    network: idAt(target, base, '/network/') as NetworkId,
    ...(address === undefined ? {} : { address }),
    ...(mac === undefined ? {} : { mac }),
    ...(mixins.length === 0 ? {} : { mixins }),
  }
}
