import type { Context } from '../context'
import { changeDisk } from './change-disk'
import type { ModifyOperations } from './operations'
import { resizeCompute } from './resize-compute'
import { setOptions } from './set-options'
import { setUserData } from './set-user-data'

/** Bound to their context. */
export const openModify = (context: Context): ModifyOperations => ({
  setOptions: (caller, change) => setOptions(context, caller, change),
  setUserData: (caller, change) => setUserData(context, caller, change),
  resizeCompute: (caller, change) => resizeCompute(context, caller, change),
  changeDisk: (caller, change) => changeDisk(context, caller, change),
})
