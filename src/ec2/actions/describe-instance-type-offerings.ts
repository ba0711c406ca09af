import type { InstanceTypeOffering, LocationType } from '@aws-sdk/client-ec2'
import { fault } from '../../faults'
import { action, type Ec2Context } from '../action'
import { shorten } from '../codec'
import { type FilterTable, filterBy } from '../filters/filter'
import { page } from '../paging'
import { showZone } from '../show/zone'

const filters: FilterTable<InstanceTypeOffering> = {
  says: {
    'instance-type': (offering) => offering.InstanceType,
    location: (offering) => offering.Location,
  },
}

/** DescribeInstanceTypeOfferings: every type of the site, in its region and in each of its zones. */
export const describeInstanceTypeOfferings = action(
  'DescribeInstanceTypeOfferings',
  { LocationType: 'honoured', Filters: 'honoured', MaxResults: 'honoured', NextToken: 'honoured' },
  async (input, context) => {
    const type = input.LocationType ?? 'region'
    const { things, next } = page(
      await offerings(type, context),
      filterBy(input.Filters, filters, context),
      input,
      {
        action: 'DescribeInstanceTypeOfferings',
        min: 5,
        max: 1000,
        idOf: ({ InstanceType, Location }) => `${InstanceType}/${Location}`,
        madeAt: () => 0,
      },
      context,
    )
    return { InstanceTypeOfferings: [...things], NextToken: next }
  },
)

async function offerings(LocationType: LocationType, context: Ec2Context): Promise<InstanceTypeOffering[]> {
  const types = await context.operations.listTypes(context.caller)
  const locations = await locationsOf(LocationType, context)
  return types.flatMap(({ wish }) =>
    locations.map((Location) => ({
      InstanceType: wish.name as NonNullable<InstanceTypeOffering['InstanceType']>,
      LocationType,
      Location,
    })),
  )
}

async function locationsOf(type: string, { operations, caller, region }: Ec2Context): Promise<readonly string[]> {
  if (type === 'region') return [region]
  const zones = await operations.listZones(caller)
  if (type === 'availability-zone') return zones.map((zone) => zone.name)
  if (type === 'availability-zone-id') return zones.map((zone) => showZone(zone, region).ZoneId ?? '')
  // An outpost is a place that no site here has.
  if (type === 'outpost') return []
  throw fault(
    'invalid',
    `Value (${shorten(type)}) for parameter LocationType is invalid. Expected: region, availability-zone, availability-zone-id or outpost`,
    { field: 'LocationType' },
  )
}
