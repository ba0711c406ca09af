import type { Context } from '../context'
import { changeDisk } from './change-disk'
import type { ModifyOperations } from './operations'
import { resizeCompute } from './resize-compute'
import { setInterface } from './set-interface'
import { setOptions } from './set-options'
import { setUserData } from './set-user-data'

/** Bound to their context. */
export const openModify = (context: Context): ModifyOperations => ({
  setOptions: (caller, change) => setOptions(context, caller, change),
  setUserData: (caller, change) => setUserData(context, caller, change),
  resizeCompute: (caller, change) => resizeCompute(context, caller, change),
  setInterface: (caller, change) => setInterface(context, caller, change),
  changeDisk: (caller, change) => changeDisk(context, caller, change),
})
