import type { Context } from '../context'
import { connectInterface, disconnectInterface } from './connect'
import type { InterfaceOperations } from './operations'

/** Bound to their context. */
export const openInterfaces = (context: Context): InterfaceOperations => ({
  connectInterface: (caller, order) => connectInterface(context, caller, order),
  disconnectInterface: (caller, order) => disconnectInterface(context, caller, order),
})
