import type { Context } from '../context'
import { addPartner } from './add'
import { listPartners } from './list'
import { partnerOffers } from './offers'
import type { PartnerOperations } from './operations'
import { revokePartner } from './revoke'

export const openPartners = (context: Context): PartnerOperations => ({
  addPartner: (operator, order) => addPartner(context, operator, order),
  listPartners: () => listPartners(context),
  revokePartner: (operator, name) => revokePartner(context, operator, name),
  partnerOffers: (caller) => partnerOffers(context, caller),
})
