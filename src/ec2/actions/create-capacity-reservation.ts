import type { CapacityReservationInstancePlatform } from '@aws-sdk/client-ec2'
import { fault } from '../../faults'
import { action } from '../action'
import { tokenOf } from '../client-token'
import { endAsked, matchAsked, timeAsked } from '../launch/capacity'
import { tagsAtCreation } from '../resources/tags'
import { showCapacityReservation } from '../show/capacity-reservation'

const off = { accepts: (value: boolean) => !value, only: 'false' }

/**
 * CreateCapacityReservation: at once or, with StartDate, for later. It is refused where all of it is not free for all of the time, in words that
 * say what would fit.
 */
export const createCapacityReservation = action(
  'CreateCapacityReservation',
  {
    ClientToken: 'honoured',
    InstanceType: 'honoured',
    InstancePlatform: {
      accepts: (platform: CapacityReservationInstancePlatform) => platform === 'Linux/UNIX',
      only: 'Linux/UNIX',
    },
    AvailabilityZone: 'honoured',
    AvailabilityZoneId: 'honoured',
    Tenancy: { accepts: (tenancy) => tenancy === 'default', only: 'default' },
    InstanceCount: 'honoured',
    EbsOptimized: off,
    EphemeralStorage: off,
    EndDate: 'honoured',
    EndDateType: 'honoured',
    InstanceMatchCriteria: 'honoured',
    TagSpecifications: 'honoured',
    OutpostArn: 'refused',
    PlacementGroupArn: 'refused',
    StartDate: 'honoured',
    // Whoever cancels pays nothing here.
    CommitmentDuration: 'ignored',
    DeliveryPreference: { accepts: (preference) => preference === 'fixed', only: 'fixed' },
  },
  async (input, context) => {
    const { InstanceType: type, InstanceCount: count, InstancePlatform: platform } = input
    const zone = input.AvailabilityZone || input.AvailabilityZoneId
    if (!type) throw missing('InstanceType')
    if (!platform) throw missing('InstancePlatform')
    if (count === undefined) throw missing('InstanceCount')
    if (!zone) throw missing('AvailabilityZone')
    const startsAt = timeAsked(input.StartDate, 'StartDate')
    const end = endAsked(input)
    const view = await context.operations.createReservation(context.caller, {
      type,
      count,
      zone,
      match: matchAsked(input.InstanceMatchCriteria) ?? 'open',
      tags: tagsAtCreation(input.TagSpecifications, 'capacity-reservation'),
      ...(startsAt === undefined ? {} : { startsAt }),
      ...(end === undefined || end === null ? {} : { endsAt: end }),
      ...tokenOf(input),
      dryRun: input.DryRun === true,
    })
    return { CapacityReservation: showCapacityReservation(view, context) }
  },
)

const missing = (field: string) => fault('missing', `The request must contain the parameter ${field}`, { field })
