import type { Zone } from '../../operations/operations'
import { action } from '../action'
import { matching } from '../filters/filter'
import { pick } from '../filters/pick'
import { zoneFilters } from '../filters/zone-filters'
import { showZone } from '../show/zone'

const says = (names: string) => `Invalid availability zone: [${names}]`

/** DescribeAvailabilityZones: the zones that the site's hosts are in. */
export const describeAvailabilityZones = action(
  'DescribeAvailabilityZones',
  { AllAvailabilityZones: 'ignored', Filters: 'honoured', ZoneIds: 'honoured', ZoneNames: 'honoured' },
  async (input, context) => {
    const zones = await context.operations.listZones(context.caller)
    const groups = new Set(context.operations.providerPools().map(({ wish }) => wish.zone))
    const groupOf = ({ name }: Zone) => (groups.has(name) ? name : context.region)
    const shown = zones.map((zone) => showZone(zone, context.region, groupOf(zone)))
    const named = pick(shown, input.ZoneNames, { nameOf: (zone) => zone.ZoneName, field: 'ZoneName', says })
    const both = pick(named, input.ZoneIds, { nameOf: (zone) => zone.ZoneId, field: 'ZoneId', says })
    return { AvailabilityZones: matching(both, input.Filters, zoneFilters, context) }
  },
)
