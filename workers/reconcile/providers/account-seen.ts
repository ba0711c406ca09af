/** What an account at a provider costs up to this look, how near that is to its budget, and what there costs without being anybody's. */
import {
  alarmOf,
  isNews,
  USUAL_ALARM,
  type Use,
  useOfAddress,
  useOfPlace,
  useOfVolume,
} from '../../../src/model/accounts'
import type { MachineSighting } from '../../../src/model/machine'
import { formatAmount, readUntil, type Spending, spentByUses } from '../../../src/model/providers/money'
import type { ProviderWish } from '../../../src/model/providers/record'
import type { ComputeRecord, HostRecord, HostSeen, Stray } from '../../../src/model/records'
import { endedSince } from '../../../src/store/ledger'
import type { AddressSighting, VolumeSighting } from '../../drivers/driver'
import type { Work } from '../work'

interface Found {
  /** Ids of what claims something there and is no machine. */
  readonly beside: readonly string[]
  /** Of machines that have their place there, as they were before the look. */
  readonly records: readonly ComputeRecord[]
  readonly machines: readonly MachineSighting[]
  /** Names of those that have no record. */
  readonly orphans: readonly string[]
  /** Volumes there that have none. */
  readonly volumes: readonly VolumeSighting[]
  /** Public addresses there that have none. */
  readonly addresses: readonly AddressSighting[]
}

/** Nothing for a host of the site's own. Fault: 'unavailable'. */
export async function accountSeen(
  work: Work,
  { id, wish, seen }: HostRecord,
  { beside, records, machines, orphans, volumes, addresses }: Found,
  now: number,
): Promise<Pick<HostSeen, 'spending' | 'alarm' | 'strays'>> {
  const { provider } = wish
  if (provider === undefined) return {}
  // After the records: what ended meanwhile is in both, and has ended.
  const others = await usesBeside(work, id, beside)
  const { ended, over } = await endedSince(work.store, readUntil(seen.spending, now), now)
  const open = [...records.flatMap((record) => useOfPlace(record, null) ?? []), ...others].filter(
    (use) => !over.has(use),
  )
  const spending = spentByUses(seen.spending, { host: id, ended, open }, now)
  const alarm = alarmSeen(provider, seen, spending, now)
  if (isNews(seen.alarm, alarm)) {
    const { month, total } = spending
    const spent = `${formatAmount(total)} ${provider.currency}`
    work.log.warn({ provider: wish.name, month, spent, mark: alarm?.mark }, 'budget of a provider is near its end')
  }
  const strays = {
    ...straysIn(provider, machines, orphans),
    ...strayVolumes(provider, volumes),
    ...strayAddresses(provider, addresses),
  }
  return { spending, ...(alarm ? { alarm } : {}), ...(Object.keys(strays).length === 0 ? {} : { strays }) }
}

/** Of volumes and addresses. */
async function usesBeside({ store }: Work, host: string, ids: readonly string[]): Promise<readonly Use[]> {
  if (ids.length === 0) return []
  const [volumes, addresses] = await Promise.all([store.readMany('storage', ids), store.readMany('address', ids)])
  return [
    ...volumes.flatMap((one) => (one?.place.host === host && one.seen.goneAt === null ? [useOfVolume(one)] : [])),
    ...addresses.flatMap((one) => (one?.place?.host === host ? [useOfAddress(one, null)] : [])),
  ]
}

const alarmSeen = (
  { budget, alarmAt = USUAL_ALARM }: ProviderWish,
  { alarm }: HostSeen,
  spending: Spending,
  now: number,
) => alarmOf(alarm, { month: spending.month, spent: spending.total, budget, alarmAt }, now)

const strayVolumes = ({ prices }: ProviderWish, volumes: readonly VolumeSighting[]): Readonly<Record<string, Stray>> =>
  Object.fromEntries(
    volumes.map(({ name, object, sizeGiB }) => {
      const price = prices?.diskGiB === undefined ? null : Math.round(prices.diskGiB * sizeGiB)
      return [name, { object, type: `volume of ${sizeGiB} GiB`, since: null, price }]
    }),
  )

const strayAddresses = (
  { prices }: ProviderWish,
  addresses: readonly AddressSighting[],
): Readonly<Record<string, Stray>> =>
  Object.fromEntries(
    addresses.map(({ name, object, ip }) => [
      name,
      { object, type: `address ${ip}`, since: null, price: prices?.address ?? null },
    ]),
  )

/** The cost of a type that is not offered here any more, or never was, is nobody's to know. */
function straysIn(
  { types }: ProviderWish,
  machines: readonly MachineSighting[],
  orphans: readonly string[],
): Readonly<Record<string, Stray>> {
  const names = new Set(orphans)
  return Object.fromEntries(
    machines.flatMap(({ name, given, startedAt }): (readonly [string, Stray])[] => {
      if (!names.has(name) || given === undefined) return []
      const price = types.find((type) => type.name === given.type)?.price ?? null
      return [[name, { object: given.object, type: given.type ?? null, since: startedAt, price }]]
    }),
  )
}
