import { action } from '../action'
import { capacityReservationNamed } from '../resources/capacity-reservations'

/** CancelCapacityReservation: instances in its places go on running. */
export const cancelCapacityReservation = action(
  'CancelCapacityReservation',
  { CapacityReservationId: 'honoured', ApplyCancellationCharges: 'ignored', QuoteId: 'refused' },
  async (input, context) => {
    const { record } = await capacityReservationNamed(input.CapacityReservationId, context)
    const order = { reservation: record.id, dryRun: input.DryRun === true }
    await context.operations.cancelReservation(context.caller, order)
    return { Return: true }
  },
)
