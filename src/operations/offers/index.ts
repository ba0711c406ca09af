import type { Context } from '../context'
import { freeAddresses } from './free-addresses'
import { addNetwork, removeNetwork, showNetwork } from './networks'
import type { OfferOperations } from './operations'
import { addType, removeType, showType } from './types'

/** Bound to their context. */
export const openOffers = (context: Context, reading: Context): OfferOperations => ({
  addType: (operator, order) => addType(context, operator, order),
  showType: (_operator, name) => showType(reading, name),
  removeType: (operator, name) => removeType(context, operator, name),
  addNetwork: (operator, order) => addNetwork(context, operator, order),
  freeAddresses: (network) => freeAddresses(reading.mirror, network),
  showNetwork: (_operator, name) => showNetwork(reading, name),
  removeNetwork: (operator, name) => removeNetwork(context, operator, name),
})
