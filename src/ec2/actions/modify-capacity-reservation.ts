import { action } from '../action'
import { endAsked, matchAsked } from '../launch/capacity'
import { capacityReservationNamed } from '../resources/capacity-reservations'

/** ModifyCapacityReservation: its count, its end, whom it takes. Refused as a whole where there is no room for it. */
export const modifyCapacityReservation = action(
  'ModifyCapacityReservation',
  {
    CapacityReservationId: 'honoured',
    InstanceCount: 'honoured',
    EndDate: 'honoured',
    EndDateType: 'honoured',
    InstanceMatchCriteria: 'honoured',
    // A reservation for later is cancelled and made anew.
    StartDate: 'refused',
    QuoteId: 'refused',
    AcceptModificationTerms: 'ignored',
    Accept: 'ignored',
    AdditionalInfo: 'ignored',
  },
  async (input, context) => {
    const { record } = await capacityReservationNamed(input.CapacityReservationId, context)
    const endsAt = endAsked(input)
    const match = matchAsked(input.InstanceMatchCriteria)
    await context.operations.changeReservation(context.caller, {
      reservation: record.id,
      ...(input.InstanceCount === undefined ? {} : { count: input.InstanceCount }),
      ...(endsAt === undefined ? {} : { endsAt }),
      ...(match === undefined ? {} : { match }),
      dryRun: input.DryRun === true,
    })
    return { Return: true }
  },
)
