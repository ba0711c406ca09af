/** Hosts and checks of hosts as the admin API shows them: each field is named here. */
import { hostName } from '../model/hosting'
import { mostOfHost } from '../model/placement'
import type { ForeignLookRecord, HostCheckRecord, HostRecord } from '../model/records'
import { isoTime } from './render-time'

export const showHost = ({ id, wish, seen }: HostRecord) => ({
  id,
  /** As tenants name it, where they may. */
  ec2: hostName(id),
  name: wish.name,
  zone: wish.zone,
  driver: wish.driver,
  address: wish.address,
  hostKeys: wish.hostKeys ?? [],
  simulated: wish.simulated,
  enabled: wish.enabled,
  removing: wish.removing,
  drain: wish.drain ? { since: isoTime(wish.drain.at), by: wish.drain.by, parallel: wish.drain.parallel } : null,
  labels: wish.labels ?? {},
  contact: seen.contact,
  lostSince: isoTime(seen.lostSince),
  distrustedSince: isoTime(seen.distrusted?.at),
  message: seen.message,
  seenAt: isoTime(seen.at),
  version: seen.version,
  capacity: seen.capacity,
  /** Kept back, as it was said of the host and of its zone, and what may be given away then. */
  keeps: wish.keeps ?? {},
  zoneKeeps: wish.zoneKeeps ?? {},
  most: seen.capacity && mostOfHost(wish, seen.capacity),
  lacks: seen.capabilities?.lacks ?? [],
  storage: (seen.backends ?? []).map(({ name, pool, away }) => ({ name, pool, away: away === true })),
  /** What may be somebody's machine; what runs the host itself is none. */
  foreign: seen.foreign.filter(({ runsHost }) => !runsHost).map(({ name }) => name),
  domains: seen.foreign.map(({ name, size, runsHost }) => ({
    name,
    cores: size.cores,
    memoryMiB: size.memoryMiB,
    runsHost: runsHost ?? false,
  })),
  orphans: seen.orphans,
  fencing: {
    command: wish.fencing?.command ?? null,
    commandMs: wish.fencing?.commandMs ?? null,
    selfMs: wish.fencing?.selfMs ?? null,
    /** Until when it may be counted on to have ended what is marked, once it is silent. */
    grantedAt: isoTime(seen.grant?.at),
    ordered: (wish.fence?.level ?? 0) > (seen.fences ?? 0) ? (wish.fence?.how ?? null) : null,
    run: seen.fenceRun ? { ...seen.fenceRun, at: isoTime(seen.fenceRun.at) } : null,
  },
  fenced: seen.fenced ? { how: seen.fenced.how, at: isoTime(seen.fenced.at) } : null,
  createdAt: isoTime(wish.createdAt),
})

export const showHostCheck = ({ id, wish, seen }: HostCheckRecord) => ({
  id,
  name: wish.name,
  driver: wish.driver,
  address: wish.address,
  mends: wish.mends,
  checkedAt: isoTime(seen?.at),
  findings: seen?.findings ?? [],
  hostKeys: seen?.hostKeys ?? [],
  fit: seen?.fit ?? false,
})

/** Paths are the host's own: operators read this. */
export const showForeignLook = ({ id, wish, seen }: ForeignLookRecord) => ({
  id,
  domain: wish.domain,
  lookedAt: isoTime(seen?.at),
  message: seen?.message ?? null,
  machine: seen?.machine
    ? {
        uuid: seen.machine.uuid,
        state: seen.machine.domain,
        cores: seen.machine.size.cores,
        memoryMiB: seen.machine.size.memoryMiB,
        mode: seen.machine.boot.mode,
        kernel: seen.machine.boot.kernel,
        disks: seen.machine.disks,
        interfaces: seen.machine.interfaces,
        obstacles: seen.machine.obstacles,
      }
    : null,
})
