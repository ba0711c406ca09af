/** What must hold of promises on a test site, whatever happened on the way. */

import type { Clock } from '../../src/clock'
import { hasTerms } from '../../src/model/lease'
import { bookingKey, claimedHostsOf, hostViews, isOverbooked } from '../../src/model/placement'
import type { Site } from './site'

/** Hosts that promised more than they have, and promises that are on a host or on a record alone. */
export async function promisesWrong(site: Site, clock: Clock): Promise<readonly string[]> {
  const records = await site.store.readAll('host')
  const hosts = claimedHostsOf(records, await site.store.hostClaims(records.map(({ id }) => id)))
  const views = new Map(hostViews(hosts, clock.now()).map((view) => [view.id, view]))
  const over = hosts.flatMap(({ record, claims }) => {
    const usable = views.get(record.id)?.usable
    return usable && isOverbooked(usable, claims, clock.now()) ? [`${record.wish.name} has promised too much`] : []
  })
  const held = hosts.flatMap(({ record, byId }) =>
    Object.entries(byId).flatMap(([key, claim]) => (claim.held?.machine ? [`${record.id} ${key}`] : [])),
  )
  const told = (await site.store.readAll('compute')).flatMap(({ id, wish, place }) =>
    wish.exists && hasTerms(wish.lease)
      ? (place.lease?.booked ?? []).map((one) => `${one.host} ${bookingKey(id, one)}`)
      : [],
  )
  return [
    ...over,
    ...held.filter((one) => !told.includes(one)).map((one) => `${one} is held for nobody`),
    ...told.filter((one) => !held.includes(one)).map((one) => `${one} is told and not held`),
  ]
}
