import { action } from '../action'
import { addressNamed } from '../resources/addresses'

/** ReleaseAddress: one that leads to no instance; one that was taken from its instance a moment ago is waited for. */
export const releaseAddress = action(
  'ReleaseAddress',
  { AllocationId: 'honoured', PublicIp: 'honoured', NetworkBorderGroup: 'ignored' },
  async (input, context) => {
    const { record } = await addressNamed(input, context)
    await context.operations.releaseAddress(context.caller, { address: record.id, dryRun: input.DryRun === true })
    return {}
  },
)
