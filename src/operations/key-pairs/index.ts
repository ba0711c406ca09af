import type { Context } from '../context'
import { createKeyPair, deleteKeyPair, importKeyPair, listKeyPairs } from './key-pairs'
import type { KeyPairOperations } from './operations'

export type { KeyPairOperations } from './operations'

/** Bound to their contexts: wishes to one, reads to the one that shows its last known state while Redis is away. */
export const openKeyPairs = (context: Context, reading: Context): KeyPairOperations => ({
  createKeyPair: (caller, order) => createKeyPair(context, caller, order),
  importKeyPair: (caller, order) => importKeyPair(context, caller, order),
  deleteKeyPair: (caller, choice) => deleteKeyPair(context, caller, choice),
  listKeyPairs: (caller) => listKeyPairs(reading, caller),
})
