import { fault } from '../../faults'
import { action } from '../action'
import { addressAssociated, addressNamed } from '../resources/addresses'

/** DisassociateAddress: by association, or by the address itself, which may lead nowhere already. */
export const disassociateAddress = action(
  'DisassociateAddress',
  { AssociationId: 'honoured', PublicIp: 'honoured' },
  async ({ AssociationId, PublicIp, DryRun }, context) => {
    if (AssociationId && PublicIp)
      throw fault('combination', 'You may specify a public IP or an association ID, but not both in the same call', {
        field: 'PublicIp',
      })
    if (!AssociationId && !PublicIp)
      throw fault('missing', 'Either the parameter PublicIp or AssociationId must be specified', {
        field: 'AssociationId',
      })
    const { record } = AssociationId
      ? await addressAssociated(AssociationId, context)
      : await addressNamed({ PublicIp }, context)
    await context.operations.disassociateAddress(context.caller, {
      address: record.id,
      ...(AssociationId ? { association: AssociationId } : {}),
      dryRun: DryRun === true,
    })
    return {}
  },
)
