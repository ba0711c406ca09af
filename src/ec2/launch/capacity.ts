/** What requests say of reservations of capacity: their ends and matches, and what a launch wants of them. */
import type { CapacityReservationSpecification } from '@aws-sdk/client-ec2'
import { fault } from '../../faults'
import type { CapacityWish } from '../../model/records'
import type { Ec2Context } from '../action'
import { shorten } from '../codec'
import { capacityReservationNamed } from '../resources/capacity-reservations'

/** ms. Faults: 'invalid'. */
export function timeAsked(date: Date | undefined, field: string): number | undefined {
  if (date === undefined) return undefined
  const ms = date.getTime()
  if (Number.isNaN(ms)) throw fault('invalid', `Value for parameter ${field} is no time`, { field })
  return ms
}

/** The end in ms, null for none, undefined where nothing is said. Faults: 'invalid', 'combination', 'missing'. */
export function endAsked({
  EndDate,
  EndDateType,
}: {
  readonly EndDate?: Date | undefined
  readonly EndDateType?: string | undefined
}): number | null | undefined {
  const end = timeAsked(EndDate, 'EndDate')
  if (EndDateType !== undefined && EndDateType !== 'limited' && EndDateType !== 'unlimited')
    throw fault(
      'invalid',
      `Value (${shorten(EndDateType)}) for parameter EndDateType is invalid. Expected: limited or unlimited`,
      { field: 'EndDateType', allowed: ['limited', 'unlimited'] },
    )
  if (EndDateType === 'unlimited' && end !== undefined)
    throw fault('combination', 'EndDate cannot be given where EndDateType is unlimited', { field: 'EndDate' })
  if (EndDateType === 'limited' && end === undefined)
    throw fault('missing', 'EndDate must be given where EndDateType is limited', { field: 'EndDate' })
  return EndDateType === 'unlimited' ? null : end
}

/** Faults: 'invalid'. */
export function matchAsked(criteria: string | undefined): 'open' | 'targeted' | undefined {
  if (criteria === undefined || criteria === 'open' || criteria === 'targeted') return criteria
  throw fault(
    'invalid',
    `Value (${shorten(criteria)}) for parameter InstanceMatchCriteria is invalid. Expected: open or targeted`,
    { field: 'InstanceMatchCriteria', allowed: ['open', 'targeted'] },
  )
}

const USES: Readonly<Record<string, CapacityWish['use']>> = {
  open: 'open',
  none: 'none',
  'capacity-reservations-only': 'only',
}

/** Of a launch. Faults: 'invalid', 'combination', 'unsupported' (resource groups), 'malformed', 'not-found'. */
export async function capacityAsked(
  asked: CapacityReservationSpecification | undefined,
  context: Ec2Context,
): Promise<{ readonly capacity?: CapacityWish }> {
  if (asked === undefined) return {}
  const { CapacityReservationPreference: preference, CapacityReservationTarget: target } = asked
  if (target?.CapacityReservationResourceGroupArn !== undefined)
    throw fault(
      'unsupported',
      'The parameter CapacityReservationResourceGroupArn is not supported by this gateway: name a reservation',
      { field: 'CapacityReservationSpecification' },
    )
  const use = preference === undefined ? undefined : USES[preference]
  if (preference !== undefined && use === undefined)
    throw fault(
      'invalid',
      `Value (${shorten(preference)}) for parameter CapacityReservationPreference is invalid. Expected: ${Object.keys(USES).join(', ')}`,
      { field: 'CapacityReservationSpecification.CapacityReservationPreference', allowed: Object.keys(USES) },
    )
  if (target === undefined) return use === undefined ? {} : { capacity: { use } }
  if (use === 'none' || use === 'open')
    throw fault('combination', 'A target cannot be given together with the preference open or none', {
      field: 'CapacityReservationSpecification',
    })
  const { record } = await capacityReservationNamed(target.CapacityReservationId, context)
  return { capacity: { use: 'only', reservation: record.id } }
}
