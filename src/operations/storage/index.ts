/** Binds the operations on volumes to their context. */
import type { Context } from '../context'
import { attachStorage, detachStorage } from './attach'
import { changeStorage, changeStorages } from './change'
import { createdBefore, createStorage, createStorages } from './create'
import { deleteStorages } from './delete'
import { giveUpStorage } from './give-up'
import type { StorageOperations } from './operations'
import { findStorage, getStorage, listAllStorages, listStorages, namedStorages } from './read'

export const openStorageOperations = (context: Context, reading: Context): StorageOperations => ({
  createStorage: (caller, order) => createStorage(context, caller, order),
  createdBefore: (caller, token) => createdBefore(context, caller, token),
  createStorages: async (caller, orders) => createStorages(context, caller, orders),
  listStorages: (caller) => listStorages(reading, caller),
  getStorage: (caller, id) => getStorage(reading, caller, id),
  namedStorages: (caller, names) => namedStorages(reading, caller, names),
  attachStorage: (caller, order) => attachStorage(context, caller, order),
  detachStorage: (caller, order) => detachStorage(context, caller, order),
  changeStorage: (caller, order) => changeStorage(context, caller, order),
  changeStorages: async (caller, orders) => changeStorages(context, caller, orders),
  deleteStorages: async (caller, order) => deleteStorages(context, caller, order),
  listAllStorages: () => listAllStorages(reading),
  findStorage: (_operator, word) => findStorage(reading, word),
  giveUpStorage: (operator, word) => giveUpStorage(context, operator, word),
})
