import type { Context } from '../context'
import { adoptDomain } from './adopt'
import { foreignLook, lookAtForeign } from './look'
import type { AdoptionOperations } from './operations'

export const openAdoptionOperations = (context: Context): AdoptionOperations => ({
  lookAtForeign: (operator, host, domain) => lookAtForeign(context, operator, host, domain),
  foreignLook: (_operator, id) => foreignLook(context, id),
  adoptDomain: (operator, order) => adoptDomain(context, operator, order),
})
