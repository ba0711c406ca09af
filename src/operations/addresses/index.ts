/** Binds the operations on public addresses to their contexts: wishes to one, reads to the one that shows its last known state while Redis is away. */
import type { Context } from '../context'
import { allocateAddress } from './allocate-address'
import { associateAddress, disassociateAddress } from './associate'
import { changeAddress } from './change'
import { giveUpAddress } from './give-up'
import { levelAddress } from './level'
import type { AddressOperations } from './operations'
import { listPools, publicNetworks } from './pools'
import { listProviderPools, providerPools } from './provider-pools'
import { findAddress, getAddress, listAddresses, listAllAddresses } from './read'
import { releaseAddress } from './release'

export const openAddresses = (context: Context, reading: Context): AddressOperations => ({
  allocateAddress: (caller, order) => allocateAddress(context, caller, order),
  listAddresses: (caller) => listAddresses(reading, caller),
  getAddress: (caller, id) => getAddress(reading, caller, id),
  associateAddress: (caller, order) => associateAddress(context, caller, order),
  disassociateAddress: (caller, order) => disassociateAddress(context, caller, order),
  releaseAddress: (caller, order) => releaseAddress(context, caller, order),
  levelAddress: (caller, order) => levelAddress(context, caller, order),
  changeAddress: (caller, order) => changeAddress(context, caller, order),
  publicNetworks: () => publicNetworks(reading.mirror),
  listPools: () => listPools(reading),
  listProviderPools: () => listProviderPools(reading),
  providerPools: () => providerPools(reading.mirror),
  listAllAddresses: () => listAllAddresses(reading),
  findAddress: (_operator, word) => findAddress(reading, word),
  giveUpAddress: (operator, word) => giveUpAddress(context, operator, word),
})
