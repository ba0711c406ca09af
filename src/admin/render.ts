/**
 * Records as the admin API shows them. Each field is named here: password hashes, sealed secrets and user data are in no
 * rendering because nobody wrote them down.
 */
import { addressOf, publicGiven } from '../model/given-addresses'
import { ec2State, lifecycle, occiState, stateMessage } from '../model/lifecycle'
import {
  type ComputeRecord,
  DEFAULT_ADDRESS_QUOTA,
  DEFAULT_NETWORK_QUOTA,
  type NetworkRecord,
  type TypeRecord,
  type UserRecord,
} from '../model/records'
import { volumeQuota } from '../model/storage'
import type { Operations, StuckMachine, Zone } from '../operations/operations'
import type { NewProject } from '../operations/projects'
import { showHost } from './render-host'
import { showLease } from './render-lease'
import { isoTime } from './render-time'
import { lastSeen, showUse } from './render-usage'

type ListedProject = Awaited<ReturnType<Operations['listProjects']>>[number]
type ListedHost = Awaited<ReturnType<Operations['listHosts']>>[number]
type ListedKey = Awaited<ReturnType<Operations['listKeys']>>[number]
type Event = Awaited<ReturnType<Operations['computeEvents']>>[number]
type HostNames = Parameters<typeof showLease>[1]
type Explained = Awaited<ReturnType<Operations['explainCompute']>>

export const showProject = ({ id, wish, used }: ListedProject) => ({
  id,
  name: wish.name,
  accountId: wish.account,
  quota: {
    instances: wish.quota.instances,
    cores: wish.quota.cores,
    memoryMiB: wish.quota.memoryMiB,
    ...volumeQuota(wish.quota),
    addresses: wish.quota.addresses ?? DEFAULT_ADDRESS_QUOTA,
    networks: wish.quota.networks ?? DEFAULT_NETWORK_QUOTA,
  },
  used: {
    instances: used.instances ?? 0,
    cores: used.cores ?? 0,
    memoryMiB: used.memoryMiB ?? 0,
    volumes: used.volumes ?? 0,
    volumeGiB: used.volumeGiB ?? 0,
    addresses: used.addresses ?? 0,
    networks: used.networks ?? 0,
  },
  purging: wish.purging,
  /** Seconds; null: its machines wait for a place as long as it takes. */
  pendingTimeout: wish.pendingTimeout ?? null,
  /** Whether its machines may run at providers. */
  bursts: wish.bursts ?? 'allowed',
  regions: wish.regions ?? null,
  /** Millionths a month; null: nobody is told. */
  budget: wish.budget ?? null,
  createdAt: isoTime(wish.createdAt),
})

/** Told once: password and secret are in no other answer. */
export const showNewProject = ({ project, user, password, key }: NewProject) => ({
  id: project.id,
  name: project.wish.name,
  accountId: project.wish.account,
  user: user.wish.name,
  password,
  accessKeyId: key.accessKeyId,
  secretAccessKey: key.secretAccessKey,
})

export const showUser = (user: UserRecord, project: string) => ({
  id: user.id,
  name: user.wish.name,
  project,
  enabled: user.wish.enabled,
  createdAt: isoTime(user.wish.createdAt),
})

export const showKey = (key: ListedKey) => ({
  accessKeyId: key.accessKeyId,
  user: key.user,
  project: key.project,
  enabled: key.enabled,
  access: key.access,
  expiresAt: isoTime(key.expiresAt),
  ended: key.ended,
  createdAt: isoTime(key.createdAt),
})

export const showListedHost = (host: ListedHost) => ({
  ...showHost(host),
  seenAt: lastSeen(host),
  ...showUse(host),
  used: host.used,
})

export const showInstance = (record: ComputeRecord, project: string) => ({
  id: record.id,
  name: record.wish.name,
  project,
  title: record.wish.title,
  state: lifecycle(record),
  occiState: occiState(record),
  ec2State: ec2State(record).name,
  message: stateMessage(record),
  type: record.wish.size.type,
  cores: record.wish.size.cores,
  memoryMiB: record.wish.size.memoryMiB,
  diskGiB: record.wish.size.diskGiB,
  zone: record.place.zone ?? record.wish.zone,
  host: record.place.hostName,
  movingTo: record.place.moving?.to.hostName ?? null,
  simulated: record.place.simulated,
  /** What it was called before it was taken over; what its disks lie on stays when it ends. */
  adoptedFrom: record.wish.adopted?.from ?? null,
  addresses: [...record.wish.interfaces.map((one) => addressOf(record, one)), publicGiven(record) ?? null].filter(
    (address) => address !== null,
  ),
  createdAt: isoTime(record.wish.createdAt),
})

/** One machine with all that an operator may want to know. */
export const showInstanceFully = (record: ComputeRecord, project: string, hostName: HostNames) => ({
  ...showInstance(record, project),
  lease: showLease(record, hostName),
  image: record.wish.image,
  reservation: record.wish.reservation,
  keyName: record.wish.keyName,
  hasUserData: record.wish.userData !== null,
  tags: record.wish.tags,
  wish: {
    exists: record.wish.exists,
    power: record.wish.power,
    held: record.wish.held,
    starts: record.wish.starts,
    boots: record.wish.boots,
    resets: record.wish.resets,
    retries: record.wish.retries,
    abandoned: record.wish.abandoned,
    moves: record.wish.move?.level ?? 0,
  },
  seen: {
    at: isoTime(record.seen.at),
    contact: record.seen.contact,
    domain: record.seen.machine?.domain ?? null,
    /** Its host knows it as this machine. */
    isDefined: typeof record.seen.machine?.id === 'string',
    starts: record.seen.starts,
    boots: record.seen.boots,
    resets: record.seen.resets,
    moves: record.seen.moves ?? 0,
    startedAt: isoTime(record.seen.startedAt),
    goneAt: isoTime(record.seen.goneAt),
  },
  journal: {
    intent: record.journal.intent && { key: record.journal.intent.key, outcome: record.journal.intent.outcome },
    failures: record.journal.failures,
    trouble: record.journal.trouble?.message ?? null,
    stuck: record.journal.stuck?.message ?? null,
    failed: record.journal.failed?.message ?? null,
  },
  waiting: record.place.waiting,
  revision: record.rev,
  generation: record.generation,
  epoch: `${record.epoch.era}.${record.epoch.number}`,
})

export const showExplanation = (
  { record, state, message, queue, hosts, warnings }: Explained,
  project: string,
  hostName: HostNames,
) => ({
  instance: showInstance(record, project),
  lease: showLease(record, hostName),
  state,
  message,
  waiting: record.place.waiting,
  queue,
  hosts: hosts.map(({ host, zone, because, hour }) => ({ host, zone, fits: because.length === 0, because, hour })),
  ...(warnings.length > 0 ? { warnings } : {}),
})

export const showEvent = ({ streamId, number, at, what, actor }: Event) => ({
  id: streamId,
  number,
  at: isoTime(at),
  what,
  user: actor.user,
  key: actor.key,
  source: actor.source,
  requestId: actor.requestId,
})

export const showStuck = ({ record, project, what, since, message }: StuckMachine) => ({
  ...showInstance(record, project),
  what,
  since: isoTime(since),
  message,
})

export const showType = (type: TypeRecord, standard: TypeRecord | undefined) => ({
  name: type.wish.name,
  term: type.wish.term,
  title: type.wish.title,
  cores: type.wish.size.cores,
  cpuPercent: type.wish.size.cpuHundredths / type.wish.size.cores,
  memoryMiB: type.wish.size.memoryMiB,
  diskGiB: type.wish.size.diskGiB,
  ...(type.wish.placement ? { placement: type.wish.placement } : {}),
  default: type.id === standard?.id,
})

export const showNetwork = (network: NetworkRecord, standard: NetworkRecord | undefined) => ({
  id: network.id,
  subnet: network.wish.subnet,
  name: network.wish.name,
  title: network.wish.title,
  cidr: network.wish.cidr,
  gateway: network.wish.gateway || null,
  range: network.wish.range ?? null,
  dns: network.wish.dns ?? [],
  bridge: network.wish.bridge,
  vlan: network.wish.vlan,
  state: network.wish.exists ? network.seen.state : 'removing',
  message: network.seen.refusals?.message ?? null,
  /** Its addresses are leased to projects. */
  public: network.wish.isPublic === true,
  default: network.id === standard?.id,
})

export const showZone = ({ name, enabled, hosts }: Zone) => ({ name, enabled, hosts })
