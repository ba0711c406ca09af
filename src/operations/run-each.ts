/** Several orders of one machine each, all or nothing (OCCI: several entities in one POST, GFD.223 §5.5.2). */
import { fault } from '../faults'
import { formatRef } from '../model/ids'
import type { ComputeRecord, GroupMembership, NetworkRecord } from '../model/records'
import type { Change } from '../store/store'
import { attempt, type Proposal, type Refusal } from './attempt'
import type { Caller, Context } from './context'
import { drawName } from './draw'
import { groupsAsked } from './groups/members'
import { checkOrderedMixins } from './mixins/check-mixins'
import { openProject } from './open-project'
import type { RunOrder, SingleOrder } from './operations'
import { checkPartnersOrders, refuseWithoutRoom } from './partners/check-order'
import { joining } from './placement-groups/members'
import { checkCapacity } from './run/check-capacity'
import { canonicalUserData, checkOrder, MOST_AT_ONCE } from './run/check-order'
import { chooseOffer, type Offer } from './run/choose-offer'
import { countedDisks } from './run/count-within-quota'
import { askedOf, checkItEverFits } from './run/ever-fits'
import { publicKeyOf } from './run/key-of-order'
import { leaseAddresses, leaseForMachines } from './run/lease-addresses'
import { newCompute } from './run/new-compute'
import { orderVolumes } from './run/order-volumes'
import { creation } from './run-computes'

/** In the order asked. Faults as for runComputes; 'too-large' above 1000. */
export async function runEach(
  context: Context,
  caller: Caller,
  singles: readonly SingleOrder[],
): Promise<readonly ComputeRecord[]> {
  if (singles.length > MOST_AT_ONCE) throw fault('too-large', `at most ${MOST_AT_ONCE} machines can be ordered at once`)
  const orders = singles.map((single) => ({ ...single, minCount: 1, maxCount: 1 }))
  for (const order of orders) checkOrder(order)
  const wanted = orders.map((order) => ({
    order,
    userData: canonicalUserData(order.userData),
    reservation: drawName('reservation'),
  }))
  return attempt(context, caller.actor, 'run-each', async (refusal): Promise<Proposal<readonly ComputeRecord[]>> => {
    refuseQuota(refusal)
    refuseSharedVolumes(wanted.map(({ order }) => order))
    await context.mirror.fresh(caller.project)
    const project = openProject(context, caller.project)
    for (const { order } of wanted) await checkOrderedMixins(context, caller, order)
    const offers = wanted.map(({ order }) => offerOf(context, caller, order))
    refuseTwice(offers)
    const checked = await checkPartnersOrders(
      context,
      project,
      offers.map((offer, at) => ({ origin: orders[at]?.origin, hosting: orders[at]?.hosting, offer })),
    )
    const here = offers.filter((_offer, at) => checked[at]?.goes === 'here')
    await refuseWithoutRoom(
      context,
      here.map(({ size }) => size),
    )
    const addresses = await addressesOf(context, offers, refusal === undefined ? 'quick' : 'careful')
    const publicKeys = await Promise.all(wanted.map(({ order }) => publicKeyOf(context, caller, order)))
    const now = context.clock.now()
    const grouped = wanted.map(({ order }) => groupsAsked(context.mirror, project, order.groups))
    const memberships: GroupMembership[] = []
    const joined = wanted.map(({ order }) => {
      const its = joining(context.mirror, project.id, order.placementGroup, 1, memberships)
      memberships.push(...its.memberships)
      return its
    })
    const made = wanted.flatMap(({ order, userData, reservation }, index) => {
      const [offer, its, joins] = [offers[index], grouped[index], joined[index]]
      if (offer === undefined || its === undefined || joins === undefined) return []
      const who = { project: project.id, userName: caller.userName, ring: context.ring }
      const compute = newCompute(
        {
          order,
          offer,
          reservation,
          ...who,
          ...countedDisks(project, offer.size),
          userData,
          publicKey: publicKeys[index],
          groups: its.groups,
          ...joins,
          now,
          ...checked[index],
        },
        0,
        addresses[index] ?? [],
      )
      const volumes = orderVolumes(context, caller, project, [compute], order, now)
      return volumes.computes.map((ordered) => ({
        compute: ordered,
        change: creation({ project, offer, volumes, grouped: its, joined: joins }).change,
      }))
    })
    return { value: made.map(({ compute }) => compute), change: together(made.map(({ change }) => change)) }
  })
}

/** A volume has one holder: two machines of one request cannot both be it. */
function refuseSharedVolumes(orders: readonly RunOrder[]): void {
  const named = orders.flatMap(({ attach = [] }) => attach.map(({ storage }) => storage))
  const twice = named.find((id, index) => named.indexOf(id) !== index)
  if (twice !== undefined)
    throw fault('combination', `the volume ${twice} can be attached to one of these machines only`, { field: 'attach' })
}

/** An address or MAC address is one interface's alone. */
function refuseTwice(offers: readonly Offer[]): void {
  const all = offers.flatMap(({ interfaces }) => interfaces)
  for (const field of ['address', 'mac'] as const) {
    const asked = all.flatMap((one) =>
      one[field] === undefined ? [] : [field === 'mac' ? one.mac : `${one.network.id} ${one.address}`],
    )
    if (new Set(asked).size < asked.length)
      throw fault('combination', `two machines of one request cannot have the same ${field}`, { field })
  }
}

function refuseQuota(refusal: Refusal | undefined): void {
  if (refusal?.state !== 'quota') return
  const { name, limit } = refusal.counter
  throw fault('quota', `the project's limit of ${limit} (${name}) leaves no room for all these machines`, {
    field: name,
  })
}

function offerOf(context: Context, caller: Caller, order: RunOrder): Offer {
  const offer = chooseOffer(context.mirror, caller, order)
  checkItEverFits(askedOf(order, offer), context.mirror.all('host'))
  checkCapacity(context, caller, order, offer.size)
  return offer
}

/** One address for each interface, asked for once a network. */
async function addressesOf(
  context: Context,
  offers: readonly Offer[],
  how: 'quick' | 'careful',
): Promise<readonly (readonly string[])[]> {
  const all = offers.flatMap(({ interfaces }) => interfaces)
  const asked = all.filter(({ address }) => address !== undefined)
  await leaseForMachines(context, asked, 1, how)
  const free = new Map<NetworkRecord, string[]>()
  for (const network of new Set(all.map((one) => one.network))) {
    const count = all.filter((one) => one.network === network && one.address === undefined).length
    if (count > 0) free.set(network, [...(await leaseAddresses(context, network, count, how))])
  }
  return offers.map(({ interfaces }) =>
    interfaces.map(({ network, address }) => address ?? free.get(network)?.shift() ?? ''),
  )
}

type Part = Omit<Change, 'operationId' | 'actor' | 'what' | 'answer'> | undefined

/** The group `default` of a project is made once, though each order that finds none would make it. */
const unique = <T>(things: readonly T[], keyOf: (thing: T) => string): readonly T[] => [
  ...new Map(things.map((thing) => [keyOf(thing), thing])).values(),
]

const together = (parts: readonly Part[]): NonNullable<Part> => ({
  // All of one project, so they hold much that is the same.
  holds: [...new Map(parts.flatMap((part) => part?.holds ?? []).map((hold) => [formatRef(hold.ref), hold])).values()],
  creates: unique(
    parts.flatMap((part) => part?.creates ?? []),
    ({ ref }) => formatRef(ref),
  ),
  updates: parts.flatMap((part) => part?.updates ?? []),
  takes: unique(
    parts.flatMap((part) => part?.takes ?? []),
    ({ hash, field, value }) => `${hash} ${field} ${value}`,
  ),
  counters: parts.flatMap((part) => part?.counters ?? []),
  wakes: unique(
    parts.flatMap((part) => part?.wakes ?? []),
    formatRef,
  ),
  waiting: parts.flatMap((part) => part?.waiting ?? []),
})
