import type { Context } from '../context'
import { checkHost, hostCheck } from './check'
import type { HostOperations } from './operations'
import { fenceHost, forgetHost, setHost, trustHost } from './orders'
import { reserveOfZone } from './reserve'

export const openHostOperations = (context: Context): HostOperations => ({
  checkHost: (operator, order) => checkHost(context, operator, order),
  hostCheck: (_operator, id) => hostCheck(context, id),
  setHost: (operator, name, change) => setHost(context, operator, name, change),
  reserveOfZone: (operator, zone, keeps) => reserveOfZone(context, operator, zone, keeps),
  trustHost: (operator, name, check) => trustHost(context, operator, name, check),
  fenceHost: (operator, name, how) => fenceHost(context, operator, name, how),
  forgetHost: (operator, name) => forgetHost(context, operator, name),
})
