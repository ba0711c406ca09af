/** Hosts and checks of hosts as the admin API shows them: each field is named here. */
import type { HostCheckRecord, HostRecord } from '../model/records'

const time = (ms: number | null | undefined): string | null => (ms ? new Date(ms).toISOString() : null)

export const showHost = ({ id, wish, seen }: HostRecord) => ({
  id,
  name: wish.name,
  zone: wish.zone,
  driver: wish.driver,
  address: wish.address,
  hostKeys: wish.hostKeys ?? [],
  simulated: wish.simulated,
  enabled: wish.enabled,
  removing: wish.removing,
  labels: wish.labels ?? {},
  contact: seen.contact,
  lostSince: time(seen.lostSince),
  distrustedSince: time(seen.distrusted?.at),
  message: seen.message,
  seenAt: time(seen.at),
  version: seen.version,
  capacity: seen.capacity,
  lacks: seen.capabilities?.lacks ?? [],
  storage: (seen.backends ?? []).map(({ name, pool, away }) => ({ name, pool, away: away === true })),
  foreign: seen.foreign.map((domain) => domain.name),
  orphans: seen.orphans,
  fencing: {
    command: wish.fencing?.command ?? null,
    commandMs: wish.fencing?.commandMs ?? null,
    selfMs: wish.fencing?.selfMs ?? null,
    /** Until when it may be counted on to have ended what is marked, once it is silent. */
    grantedAt: time(seen.grant?.at),
    ordered: (wish.fence?.level ?? 0) > (seen.fences ?? 0) ? (wish.fence?.how ?? null) : null,
    run: seen.fenceRun ? { ...seen.fenceRun, at: time(seen.fenceRun.at) } : null,
  },
  fenced: seen.fenced ? { how: seen.fenced.how, at: time(seen.fenced.at) } : null,
  createdAt: time(wish.createdAt),
})

export const showHostCheck = ({ id, wish, seen }: HostCheckRecord) => ({
  id,
  name: wish.name,
  driver: wish.driver,
  address: wish.address,
  mends: wish.mends,
  checkedAt: time(seen?.at),
  findings: seen?.findings ?? [],
  hostKeys: seen?.hostKeys ?? [],
  fit: seen?.fit ?? false,
})
