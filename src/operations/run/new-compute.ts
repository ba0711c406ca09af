/** The record of a machine that was just ordered: wanted on, seen nowhere, waiting for a place. */
import { NO_EPOCH } from '../../model/epoch'
import type { Origin } from '../../model/federation'
import type { ComputeId, ProjectId, SecurityGroupId } from '../../model/ids'
import {
  bootModeOf,
  type ComputeJournal,
  type ComputePlace,
  type ComputeRecord,
  type ComputeSeen,
  type ComputeWish,
  type DiskWish,
  type GroupMembership,
  hasDisk,
  type InterfaceWish,
  SCHEMA,
} from '../../model/records'
import type { KeyRing } from '../../store/sealed'
import { drawId, drawMac, drawName } from '../draw'
import type { RunOrder } from '../operations'
import type { Checked } from '../partners/check-order'
import { burstOf, sealUserData } from '../user-data'
import type { InterfaceChosen } from './choose-networks'
import type { Offer } from './choose-offer'

export const NEVER_SEEN: ComputeSeen = {
  at: 0,
  host: null,
  contact: 'ok',
  machine: null,
  hostBoot: null,
  starts: 0,
  boots: 0,
  resets: 0,
  startedAt: null,
  stoppedAt: null,
  goneAt: null,
}

export const NOTHING_DONE: ComputeJournal = {
  intent: null,
  attempts: 0,
  failures: 0,
  trouble: null,
  stuck: null,
  failed: null,
  avoid: [],
}

const NO_PLACE: ComputePlace = { host: null, hostName: null, zone: null, simulated: false, at: 0, waiting: null }

/** What all machines of one order share. */
export interface Common {
  readonly order: RunOrder
  readonly offer: Offer
  readonly reservation: string
  readonly project: ProjectId
  readonly countedGiB?: number
  readonly userName: string
  /** Seals the user data of each. */
  readonly ring: KeyRing
  /** base64, canonical; secret. */
  readonly userData: string | null
  /** One line in OpenSSH's form: given with the order, or the key pair's that it names. */
  readonly publicKey: string | undefined
  /** Security groups of its interfaces. */
  readonly groups: readonly SecurityGroupId[]
  /** What each becomes a member of; none: in no placement group. */
  readonly memberships: readonly GroupMembership[]
  readonly now: number
  /** Where the order came from, believed; absent: here. */
  readonly origin?: Origin | undefined
  /** `here`: it may not be sent on, whatever it says of providers itself. */
  readonly goes?: Checked['goes']
}

/** The record as the creating script writes it. Draws its names. */
export function newCompute(common: Common, launchIndex: number, addresses: readonly string[]): ComputeRecord {
  const { project, order } = common
  const id = order.id ?? drawId<ComputeId>()
  return {
    kind: 'compute',
    id,
    project,
    rev: 1,
    generation: 1,
    epoch: NO_EPOCH,
    wakes: 1,
    phase: 0,
    schema: SCHEMA,
    wish: newWish(common, id, launchIndex, addresses),
    seen: NEVER_SEEN,
    journal: NOTHING_DONE,
    place: NO_PLACE,
  }
}

function newWish(common: Common, id: ComputeId, launchIndex: number, addresses: readonly string[]): ComputeWish {
  const { order, offer, reservation, userName, ring, userData, publicKey, memberships, now } = common
  const membership = memberships[launchIndex]
  const { image, size } = offer
  const mode = bootModeOf(image)
  return {
    exists: true,
    power: 'on',
    how: 'graceful',
    held: false,
    starts: 1,
    boots: 0,
    resets: 0,
    retries: 0,
    abandoned: false,
    size,
    disks: hasDisk(image) ? [rootDisk(common)] : [],
    ...(common.countedGiB === undefined ? {} : { countedGiB: common.countedGiB }),
    interfaces: interfacesOf(common, addresses),
    name: drawName('compute'),
    reservation,
    launchIndex,
    image: image.id,
    ...(mode ? { mode } : {}),
    ...placementOf(common),
    ...leaseOf(common),
    ...burstOf(common.goes === 'here' ? { never: true } : order.burst, ring, id),
    ...(membership ? { placementGroup: membership } : {}),
    ...(order.capacity === undefined ? {} : { capacity: order.capacity }),
    ...(order.hosting === undefined ? {} : { hosting: order.hosting }),
    zone: order.zone ?? null,
    title: order.title ?? null,
    summary: order.summary ?? null,
    hostname: order.hostname ?? null,
    tags: order.tags ?? {},
    ...some('mixins', order.mixins),
    ...(order.share === undefined ? {} : { share: order.share }),
    keyName: order.keyName ?? null,
    ...(publicKey === undefined ? {} : { publicKey }),
    ...(order.options === undefined ? {} : { options: order.options }),
    userData: sealUserData(ring, id, userData),
    clientToken: order.token?.token ?? null,
    createdAt: now,
    createdBy: userName,
    deletedAt: null,
    reason: '',
    ...(common.origin === undefined ? {} : { origin: common.origin }),
    ...(order.launchTemplate === undefined ? {} : { launchTemplate: order.launchTemplate }),
  }
}

/** A group that is ordered at once is that order's alone. */
function leaseOf({ order: { lease, maxCount }, reservation }: Common): Pick<ComputeWish, 'lease'> {
  if (lease === undefined) return {}
  const { group } = lease
  if (group === undefined || group.members !== maxCount) return { lease }
  return { lease: { ...lease, group: { ...group, name: `${group.name}/${reservation}` } } }
}

function placementOf({ order, offer }: Common): Pick<ComputeWish, 'placement'> {
  const own = order.placement
  const type = offer.type?.wish.placement
  if (own === undefined && type === undefined) return {}
  return { placement: { ...(own ? { own } : {}), ...(type ? { type } : {}) } }
}

const interfacesOf = ({ order, offer, groups }: Common, addresses: readonly string[]): readonly InterfaceWish[] =>
  offer.interfaces.map((one, at) => ({
    ...newInterface(one, `eth${at}`, addresses[at] ?? null, groups),
    ...(order.interfaceTags ? { tags: order.interfaceTags } : {}),
  }))

function rootDisk({ order, offer: { image, size } }: Common): DiskWish {
  const volumeType = order.rootType ?? image.wish.volumeType
  return {
    name: 'root',
    device: image.wish.rootDevice,
    sizeGiB: size.diskGiB,
    image: image.id,
    volume: drawName('storage'),
    deleteOnTermination: true,
    ...(volumeType ? { volumeType } : {}),
    ...(order.rootTags ? { tags: order.rootTags } : {}),
  }
}

const some = <T>(name: string, all: readonly T[] | undefined): Readonly<Record<string, readonly T[]>> =>
  all === undefined || all.length === 0 ? {} : { [name]: [...new Set(all)] }

/** Draws its names. */
export const newInterface = (
  { network, address: asked, mac, mixins }: InterfaceChosen,
  device: string,
  address: string | null,
  groups: readonly SecurityGroupId[],
): InterfaceWish => ({
  device,
  network: network.id,
  mac: mac ?? drawMac(),
  address,
  name: drawName('networkinterface'),
  groups,
  ...(asked === undefined ? {} : { allocation: 'static' }),
  ...some('mixins', mixins),
})
