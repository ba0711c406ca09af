/** What hosts and machines use, as the admin API shows it. Rates are means since the look before: cores, bytes a second. */
import { lifecycle } from '../model/lifecycle'
import { HOST_MEASURES, MACHINE_MEASURES, type Point } from '../model/usage'
import type { MachineInUse, SiteUsage } from '../operations/usage/operations'
import { isoTime } from './render-time'

type Host = SiteUsage['hosts'][number]

/** When it answered last: its record is written far less often. */
export const lastSeen = ({ seen, latest }: Host): string | null =>
  isoTime(Math.max(seen.contact === 'never' ? 0 : seen.at, latest?.at ?? 0))

/** Nulls: its driver does not tell, or not yet. Of a host that does not answer: as it was when it did. */
export const showUse = ({ latest }: Host) => ({
  load: latest?.host?.usage.load ?? null,
  uptimeSeconds: latest?.host?.usage.uptimeSeconds ?? null,
  cpuCores: latest?.host?.rates.cpuCores ?? null,
  freeMemoryMiB: latest?.host?.usage.freeMemoryMiB ?? null,
})

const showHost = (host: Host) => ({
  name: host.wish.name,
  simulated: host.wish.simulated,
  contact: host.seen.contact,
  seenAt: lastSeen(host),
  cores: host.seen.capacity && host.seen.capacity.cpuHundredths / 100,
  memoryMiB: host.seen.capacity?.memoryMiB ?? null,
  machines: host.used.machines,
  ...showUse(host),
})

const showMachine = ({ record, project, host, kept }: MachineInUse) => ({
  name: record.wish.name,
  project,
  host,
  simulated: record.place.simulated,
  state: lifecycle(record),
  cores: record.wish.size.cores,
  cpuCores: kept?.rates.cpuCores ?? null,
  memoryMiB: kept?.rates.memoryMiB ?? null,
  receivedBytes: kept?.rates.receivedBytes ?? null,
  sentBytes: kept?.rates.sentBytes ?? null,
  readBytes: kept?.rates.readBytes ?? null,
  writtenBytes: kept?.rates.writtenBytes ?? null,
})

export const showUsage = ({ at, hosts, machines }: SiteUsage) => ({
  at: isoTime(at),
  hosts: hosts.map(showHost),
  machines: machines.filter(({ kept }) => kept !== null).map(showMachine),
})

/** `at`: when its half minute or its five minutes began. */
export const showPoints = (kind: 'host' | 'machine', points: readonly Point[]) => ({
  points: points.map(({ at, values }) => ({
    at: isoTime(at),
    ...Object.fromEntries(
      (kind === 'host' ? HOST_MEASURES : MACHINE_MEASURES).map((measure, i) => [measure, values[i] ?? null]),
    ),
  })),
})
