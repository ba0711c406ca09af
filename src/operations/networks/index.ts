import type { Context } from '../context'
import { changeNetwork } from './change'
import { createNetwork } from './create'
import { deleteNetworks } from './delete'
import type { NetworkOperations } from './operations'
import { getNetwork } from './read'

/** Bound to their contexts. */
export const openNetworks = (context: Context, reading: Context): NetworkOperations => ({
  createNetwork: (caller, order) => createNetwork(context, caller, order),
  getNetwork: (caller, id) => getNetwork(reading, caller, id),
  changeNetwork: (caller, order) => changeNetwork(context, caller, order),
  deleteNetworks: (caller, order) => deleteNetworks(context, caller, order),
})
