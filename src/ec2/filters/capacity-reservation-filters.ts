import type { ReservationView } from '../../operations/reservations/operations'
import { ec2ReservationState } from '../show/capacity-reservation'
import type { FilterTable } from './filter'

const iso = (ms: number): string => new Date(ms).toISOString()

/** Filters of DescribeCapacityReservations. */
export const capacityReservationFilters: FilterTable<ReservationView> = {
  says: {
    'availability-zone': ({ record }) => record.wish.zone,
    'end-date': ({ record }) => (record.wish.endsAt === null ? undefined : iso(record.wish.endsAt)),
    'end-date-type': ({ record }) => (record.wish.endsAt === null ? 'unlimited' : 'limited'),
    'instance-match-criteria': ({ record }) => record.wish.match,
    'instance-platform': () => 'Linux/UNIX',
    'instance-type': ({ record }) => record.wish.size.type,
    'owner-id': (_view, { caller }) => caller.account,
    'start-date': ({ record }) => iso(record.wish.startsAt),
    state: (view) => ec2ReservationState(view),
    tenancy: () => 'default',
  },
  tags: ({ record }) => record.wish.tags,
  silent: ['outpost-arn', 'placement-group-arn'],
}
