/** Reservations of a test site: operations as a gateway runs them, on a clock of the test's, over the store that the workers use. */
import { randomUUID } from 'node:crypto'
import type { Clock } from '../../src/clock'
import type { TypeId } from '../../src/model/ids'
import { claimedHostsOf, holdingsOf, hostViews, isOverbooked } from '../../src/model/placement'
import { openReservations } from '../../src/operations/reservations'
import type { ReservationOperations, ReservationView, ReserveOrder } from '../../src/operations/reservations/operations'
import { NOBODY } from '../../src/store/store'
import { PROJECT, type Site } from './site'
import { caller, type Volumes } from './volumes'

export const TYPE = 'bbbbbbbb-0000-4000-8000-000000000009' as TypeId
/** What `site.order` orders. */
export const SIZE = { type: 't2.nano', cores: 1, cpuHundredths: 100, memoryMiB: 512, diskGiB: 1 }

export interface Reservations {
  readonly operations: ReservationOperations
  /** Of t2.nano in local-1a. */
  reserve(order?: Partial<ReserveOrder>): Promise<ReservationView>
  view(made: ReservationView): Promise<ReservationView>
  /** `sim-1:2`: places of it on each host. */
  on(made: ReservationView): Promise<readonly string[]>
  /** Hosts that have promised more than they have, and places that are counted and not held. */
  wrongs(clock: Clock): Promise<readonly string[]>
}

export async function openSiteReservations(site: Site, volumes: Volumes, clock: Clock): Promise<Reservations> {
  const create = {
    ...{ ref: { kind: 'type', id: TYPE } as const, project: null, seen: null, journal: null, place: null, wake: false },
    wish: { name: SIZE.type, term: 't2_nano', title: 't2.nano', size: SIZE, createdAt: 1 },
  }
  const takes = [{ hash: 'names', field: 'type:t2.nano', value: `type:${TYPE}` }]
  await site.store.change({ operationId: randomUUID(), actor: NOBODY, what: 'type', creates: [create], takes }, 1)
  const context = { ...volumes.context, clock }
  const operations = openReservations(context, context)
  const hosts = async () => {
    const all = await site.store.readAll('host')
    return claimedHostsOf(all, await site.store.hostClaims(all.map(({ id }) => id)))
  }
  return {
    operations,
    reserve: (order = {}) =>
      operations.createReservation(caller, { type: SIZE.type, count: 1, zone: 'local-1a', ...order }),
    view: ({ record }) => operations.getReservation(caller, record.id),
    on: async ({ record }) =>
      holdingsOf(record.id, await hosts())
        .map(({ host, claim }) => `${host.record.wish.name}:${claim.held.slots}`)
        .toSorted(),
    async wrongs(now) {
      const claimed = await hosts()
      const views = new Map(hostViews(claimed, now.now()).map((view) => [view.id, view]))
      const over = claimed.flatMap(({ record, claims }) => {
        const usable = views.get(record.id)?.usable
        return usable && isOverbooked(usable, claims, now.now()) ? [`${record.wish.name} has promised too much`] : []
      })
      const records = (await site.store.readAll('reservation')).filter(({ seen }) => seen.goneAt === null)
      const counted = (await site.store.counters(PROJECT)).reservedInstances ?? 0
      const wanted = records.reduce((sum, { wish }) => sum + wish.count, 0)
      const living = new Set<string>(records.map(({ id }) => id))
      const left = claimed.flatMap(({ byId }) =>
        Object.entries(byId).filter(
          ([id, { held }]) => held !== undefined && held.machine === undefined && !living.has(id),
        ),
      )
      return [
        ...over,
        ...(counted === wanted ? [] : [`${counted} places are counted, ${wanted} are reserved`]),
        ...left.map(([id]) => `${id} is over and still held`),
      ]
    },
  }
}
