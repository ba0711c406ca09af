/**
 * Ordering machines (OCCI: POST or PUT of a compute; EC2: RunInstances). One script makes all records, takes names and
 * addresses, counts against the project's limits, keeps the client token, and puts them before placement: all or nothing.
 */
import { fault } from '../faults'
import type { ComputeRecord, NetworkRecord, ProjectRecord } from '../model/records'
import { attemptOne, type Proposal, type Propose } from './attempt'
import type { Caller, Context } from './context'
import { drawName } from './draw'
import { freshForAll } from './fresh'
import { type Grouped, groupsAsked } from './groups/members'
import { held } from './held'
import { checkOrderedMixins } from './mixins/check-mixins'
import { answeredBefore, once } from './once'
import { openProject } from './open-project'
import type { RunOrder } from './operations'
import type { OrderToken } from './order-token'
import { checkIdIsFree } from './own-id'
import { checkPartnersOrders, countWithinRoom } from './partners/check-order'
import { type Joining, joining, membershipTakes } from './placement-groups/members'
import { checkCapacity } from './run/check-capacity'
import { checkGroupFits, checkLease, promisingHosts } from './run/check-lease'
import { checkLeaseRoom } from './run/check-lease-room'
import { canonicalUserData, checkOrder } from './run/check-order'
import { chooseOffer, type Offer } from './run/choose-offer'
import { countedDisks, countersFor, countWithinQuota } from './run/count-within-quota'
import { askedOf, checkItEverFits } from './run/ever-fits'
import { publicKeyOf } from './run/key-of-order'
import { interfaceTakes, leaseForMachines, leasingAfter } from './run/lease-addresses'
import { newCompute } from './run/new-compute'
import { orderVolumes, type WithVolumes } from './run/order-volumes'
import type { Ran } from './run/ran'
import { overQuota } from './storage/create'

/**
 * As many machines as the project's limits allow, at least `minCount` or none. Faults: 'invalid', 'combination', 'too-large',
 * 'missing', 'not-found' (image), 'no-capacity', 'quota', 'idempotency', 'exists', 'forbidden', 'conflict', 'unavailable'.
 */
export const runComputes = async (context: Context, caller: Caller, order: RunOrder): Promise<Ran> =>
  attemptOne(context, caller.actor, 'run-computes', running(caller, order))

/** The decision by itself. */
export function running(caller: Caller, order: RunOrder): Propose<Ran> {
  checkOrder(order)
  return once({ caller, sort: 'machines', order }, deciding(caller, order), (context, answer) => ({
    computes: machinesOf(context, answer),
    repeated: true,
  }))
}

/** The machines of an order that was answered before. Undefined: the token is new. Faults: 'idempotency', 'unavailable'. */
export const ranBefore = (
  context: Context,
  caller: Caller,
  token: OrderToken,
): Promise<readonly ComputeRecord[] | undefined> =>
  answeredBefore(context, { caller, sort: 'machines', order: { token } }, machinesOf)

/** Faults: 'idempotency' (reason terminated) where none is known any more, as EC2's IdempotentInstanceTerminated. */
function machinesOf({ mirror }: Context, answer: unknown): readonly ComputeRecord[] {
  const ids = typeof answer === 'object' && answer !== null && 'computes' in answer ? answer.computes : []
  const records = Array.isArray(ids) ? ids.map((id) => mirror.get('compute', String(id))) : []
  const computes = records.filter((record) => record !== undefined)
  if (computes.length > 0) return computes
  throw fault('idempotency', 'the machines of this client token are terminated; use another token', {
    field: 'token',
    reason: 'terminated',
  })
}

function deciding(caller: Caller, order: RunOrder): Propose<Ran> {
  const userData = canonicalUserData(order.userData)
  const reservation = drawName('reservation')
  let count = order.maxCount
  let leasing: 'quick' | 'careful' = 'quick'
  return async (context, refusal) => {
    // Of the machines' own disks as many count as there is room for; with volumes made for each it is all or none.
    if (refusal?.state === 'quota' && refusal.counter.name.startsWith('volume') && order.newVolumes?.length)
      throw overQuota(refusal, caller)
    leasing = leasingAfter(refusal, leasing)
    // What all projects share, and projects themselves: an order does not wait for the caller's own machines to be read.
    if (namesOwn(context, order) || refusal) await context.mirror.fresh(caller.project)
    else await freshForAll(context.mirror, caller)
    const project = openProject(context, caller.project)
    await checkOrderedMixins(context, caller, order)
    checkLease(order, context.clock.now())
    const offer = chooseOffer(context.mirror, caller, order)
    const hosts = context.mirror.all('host')
    const asked = askedOf(order, offer)
    checkItEverFits(asked, promisingHosts(order.lease, hosts))
    checkGroupFits(order, offer.size, hosts)
    await checkLeaseRoom(context, caller, order, asked)
    checkCapacity(context, caller, order, offer.size)
    const [checked] = await checkPartnersOrders(context, project, [
      { origin: order.origin, hosting: order.hosting, offer },
    ])
    const publicKey = await publicKeyOf(context, caller, order)
    if (order.id !== undefined) await checkIdIsFree(context, caller, 'compute', order.id)
    if (order.dryRun || refusal?.state === 'quota')
      count = await countWithinQuota(context, project, offer.size, order.minCount, count)
    if (checked?.goes === 'here') count = await countWithinRoom(context, offer.size, order.minCount, count)
    const grouped = groupsAsked(context.mirror, project, order.groups)
    const joined = joining(context.mirror, project.id, order.placementGroup, count)
    if (order.dryRun) return nothing({ computes: [], repeated: false })
    const leased = await leaseForMachines(context, offer.interfaces, count, leasing)
    const { ring } = context
    const people = { project: project.id, userName: caller.userName, ring }
    const common = {
      order,
      offer,
      reservation,
      ...people,
      ...countedDisks(project, offer.size),
      userData,
      publicKey,
      groups: grouped.groups,
      ...joined,
      ...checked,
    }
    const now = context.clock.now()
    const computes = leased.map((addresses, index) => newCompute({ ...common, now }, index, addresses))
    const volumes = orderVolumes(context, caller, project, computes, order, now)
    return creation({ project, offer, volumes, grouped, joined })
  }
}

const networksOf = ({ interfaces }: Offer): readonly NetworkRecord[] => [
  ...new Set(interfaces.map(({ network }) => network)),
]

/** Whether it names something that only the caller's own records tell: volumes, groups, networks that are not for everybody. */
const namesOwn = (
  { mirror }: Context,
  { attach, capacity, groups, placementGroup, interfaces = [] }: RunOrder,
): boolean =>
  attach !== undefined ||
  capacity !== undefined ||
  placementGroup !== undefined ||
  groups !== undefined ||
  interfaces.some(({ network }) => network !== undefined && mirror.get('network', network)?.project !== null)

const nothing = (value: Ran): Proposal<Ran> => ({ change: undefined, value })

interface Creation {
  readonly project: ProjectRecord
  readonly offer: Offer
  readonly volumes: WithVolumes
  readonly grouped: Grouped
  readonly joined: Joining
}

/** What makes machines that were drawn. */
function creation({ project, offer, volumes: withVolumes, grouped, joined }: Creation): Proposal<Ran> {
  const { computes, change: volumes } = withVolumes
  const groups = grouped.change
  return {
    value: { computes, repeated: false },
    answer: { computes: computes.map((compute) => compute.id) },
    change: {
      // Limits, image, networks and type are those that the order was checked against, and none of them is being removed.
      holds: [
        ...(groups.holds ?? []),
        ...(volumes.holds ?? []),
        ...joined.holds,
        ...[project, offer.image, ...networksOf(offer), ...(offer.type ? [offer.type] : [])].map(held),
      ],
      creates: [
        ...computes.map(({ id, wish, seen, journal, place }) => ({
          ref: { kind: 'compute', id } as const,
          project: project.id,
          wish,
          seen,
          journal,
          place,
          wake: true,
        })),
        ...(volumes.creates ?? []),
        ...(groups.creates ?? []),
      ],
      wakes: groups.wakes ?? [],
      updates: volumes.updates ?? [],
      takes: [
        ...computes.flatMap(({ id, wish }) => [
          { hash: 'names', field: wish.name, value: `compute:${id}` },
          ...wish.interfaces.flatMap((one) => interfaceTakes(id, one)),
        ]),
        ...computes.flatMap(membershipTakes),
        ...(volumes.takes ?? []),
        ...(groups.takes ?? []),
      ],
      counters: [...countersFor(project, offer.size, computes.length), ...(volumes.counters ?? [])],
      waiting: computes.map((compute) => compute.id),
    },
  }
}
