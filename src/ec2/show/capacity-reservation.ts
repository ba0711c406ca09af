/** A capacity reservation as EC2 shows it. Pure. */
import type { CapacityReservation, Instance, InstanceMatchCriteria } from '@aws-sdk/client-ec2'
import type { ComputeRecord } from '../../model/records'
import { reservationOf } from '../../model/reservations'
import type { ReservationView } from '../../operations/reservations/operations'
import type { Ec2Context } from '../action'
import { showTags } from './tags'

/** EC2 calls what is being cleared for it pending. */
const STATES = {
  assessing: 'pending',
  scheduled: 'scheduled',
  active: 'active',
  expired: 'expired',
  cancelled: 'cancelled',
  failed: 'failed',
} as const satisfies Readonly<Record<ReservationView['state'], string>>

export const ec2ReservationState = ({ state }: ReservationView): (typeof STATES)[keyof typeof STATES] => STATES[state]

const reservationArn = ({ record: { wish } }: ReservationView, { region, caller }: Ec2Context): string =>
  `arn:aws:ec2:${region}:${caller.account}:capacity-reservation/${wish.name}`

/** Places that no machine is in; none of one that is over. */
const freePlaces = ({ record: { wish }, state, used }: ReservationView): number =>
  state === 'cancelled' || state === 'expired' || state === 'failed' ? 0 : Math.max(0, wish.count - used)

export function showCapacityReservation(view: ReservationView, context: Ec2Context): CapacityReservation {
  const { wish } = view.record
  const isLater = wish.startsAt > wish.createdAt
  return {
    CapacityReservationId: wish.name,
    OwnerId: context.caller.account,
    CapacityReservationArn: reservationArn(view, context),
    InstanceType: wish.size.type,
    InstancePlatform: 'Linux/UNIX',
    AvailabilityZone: wish.zone,
    Tenancy: 'default',
    TotalInstanceCount: wish.count,
    AvailableInstanceCount: freePlaces(view),
    EbsOptimized: false,
    EphemeralStorage: false,
    State: ec2ReservationState(view),
    StartDate: new Date(wish.startsAt),
    ...(wish.endsAt === null ? {} : { EndDate: new Date(wish.endsAt) }),
    EndDateType: wish.endsAt === null ? 'unlimited' : 'limited',
    InstanceMatchCriteria: wish.match as InstanceMatchCriteria,
    CreateDate: new Date(wish.createdAt),
    ReservationType: 'default',
    DeliveryPreference: isLater ? 'fixed' : undefined,
    Tags: showTags(wish.tags),
  }
}

/** What of reservations a machine shows; `{}` where nobody said anything and it is in none. */
export function showCapacityOf(record: ComputeRecord, { operations }: Ec2Context): Partial<Instance> {
  const { capacity } = record.wish
  const its = reservationOf(record)
  if (capacity === undefined && its === undefined) return {}
  const target = capacity?.reservation && operations.reservation(capacity.reservation)
  return {
    ...(its ? { CapacityReservationId: its.name } : {}),
    CapacityReservationSpecification: target
      ? { CapacityReservationTarget: { CapacityReservationId: target.wish.name } }
      : { CapacityReservationPreference: PREFERENCES[capacity?.use ?? 'open'] },
  }
}

const PREFERENCES = { open: 'open', none: 'none', only: 'capacity-reservations-only' } as const
