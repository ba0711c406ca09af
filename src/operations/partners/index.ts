import type { Context } from '../context'
import { addPartner } from './add'
import { listPartners } from './list'
import { listPartnerOffers } from './offers'
import type { PartnerOperations } from './operations'
import { revokePartner } from './revoke'
import { listPartnerUses } from './uses'

export const openPartners = (context: Context): PartnerOperations => ({
  addPartner: (operator, order) => addPartner(context, operator, order),
  listPartners: () => listPartners(context),
  revokePartner: (operator, name) => revokePartner(context, operator, name),
  listPartnerOffers: (caller) => listPartnerOffers(context, caller),
  listPartnerUses: (caller, asked) => listPartnerUses(context, caller, asked),
})
