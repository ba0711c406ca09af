import type { Context } from '../context'
import { addOwnKey, listOwnKeys, ownUser, removeOwnKey, setOwnKey } from './change-own-keys'
import { newSession } from './new-session'
import type { OwnKeyOperations } from './operations'

/** Binds them to their context; `reading` shows its last known state while Redis is away. */
export const openOwnKeys = (context: Context, reading: Context): OwnKeyOperations => ({
  ownUser: (caller) => ownUser(reading, caller),
  addOwnKey: (caller) => addOwnKey(context, caller),
  listOwnKeys: (caller) => listOwnKeys(reading, caller),
  setOwnKey: (caller, accessKeyId, change) => setOwnKey(context, caller, accessKeyId, change),
  removeOwnKey: (caller, accessKeyId) => removeOwnKey(context, caller, accessKeyId),
  newSession: (caller, seconds) => newSession(reading, caller, seconds),
})
