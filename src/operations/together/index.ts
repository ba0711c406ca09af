/**
 * Several orders in one script (OCCI: what is done to a collection, a description with links; GFD.223 §5: all or nothing). Every one of
 * them is decided by the same rule as alone, on a draft that shows what those before it decided. Whoever is killed whenever: Redis has
 * all of it or nothing.
 */
import { fault } from '../../faults'
import type { ComputeRecord } from '../../model/records'
import type { Create } from '../../store/store'
import { allocating } from '../addresses/allocate'
import { associating, disassociating } from '../addresses/associate'
import { levelling } from '../addresses/level'
import { letGo, releasing } from '../addresses/release'
import { attempt, type Propose } from '../attempt'
import type { Caller, Context } from '../context'
import { deletingComputes } from '../delete-computes'
import { creatingGroup } from '../groups/create'
import { deletingGroups } from '../groups/delete'
import { settingGroups } from '../groups/members'
import { connecting, disconnecting } from '../interfaces/connect'
import type { RunOrder } from '../machine-orders'
import { associatingMixin } from '../mixins/associate-mixin'
import { changingNetwork } from '../networks/change'
import { creatingNetwork } from '../networks/create'
import { deletingNetworks } from '../networks/delete'
import { openProject } from '../open-project'
import { creatingPlacementGroup, deletingPlacementGroup } from '../placement-groups/create'
import { cancellingReservation } from '../reservations/cancel'
import { reserving } from '../reservations/create'
import { MOST_AT_ONCE } from '../run/check-order'
import { running } from '../run-computes'
import { attaching, detaching } from '../storage/attach'
import { deletingStorages } from '../storage/delete'
import { imaging } from '../storage/snapshots/create-image'
import { updatingCompute } from '../update-compute'
import { checkRoomBeside, refuseShared } from './beside'
import { type Draft, openDraft } from './draft'
import type { Part, PartName, Parts, TogetherOperations } from './operations'

interface Rule<K extends PartName> {
  /** As its own operation calls it. */
  readonly event: string
  decide(context: Context, caller: Caller, order: Parts[K]['order']): Propose<Parts[K]['done']>
}

const RULES: { readonly [K in PartName]: Rule<K> } = {
  run: { event: 'run-computes', decide: (_context, caller, order) => running(caller, order) },
  update: { event: 'update-compute', decide: updatingCompute },
  deleteComputes: { event: 'delete-computes', decide: deletingComputes },
  connect: { event: 'connect-interface', decide: (_context, caller, order) => connecting(caller, order) },
  disconnect: { event: 'disconnect-interface', decide: (_context, caller, order) => disconnecting(caller, order) },
  attach: { event: 'attach-storage', decide: (_context, caller, order) => attaching(caller, order) },
  detach: { event: 'detach-storage', decide: (_context, caller, order) => detaching(caller, order) },
  deleteStorages: { event: 'delete-storages', decide: (_context, caller, order) => deletingStorages(caller, order) },
  allocate: { event: 'allocate-address', decide: (_context, caller, order) => allocating(caller, order) },
  associate: { event: 'associate-address', decide: (_context, caller, order) => associating(caller, order) },
  disassociate: { event: 'disassociate-address', decide: (_context, caller, order) => disassociating(caller, order) },
  level: { event: 'level-address', decide: (_context, caller, order) => levelling(caller, order) },
  release: { event: 'release-address', decide: (_context, caller, order) => releasing(caller, order) },
  createGroup: { event: 'create-security-group', decide: (_context, caller, order) => creatingGroup(caller, order) },
  setGroups: { event: 'set-security-groups', decide: (_context, caller, order) => settingGroups(caller, order) },
  deleteGroups: { event: 'delete-security-groups', decide: (_context, caller, order) => deletingGroups(caller, order) },
  createNetwork: { event: 'create-network', decide: (_context, caller, order) => creatingNetwork(caller, order) },
  changeNetwork: { event: 'change-network', decide: (_context, caller, order) => changingNetwork(caller, order) },
  deleteNetworks: { event: 'delete-networks', decide: (_context, caller, order) => deletingNetworks(caller, order) },
  createPlacementGroup: { event: 'create-placement-group', decide: creatingPlacementGroup },
  deletePlacementGroup: {
    event: 'delete-placement-group',
    decide: (_context, caller, order) => deletingPlacementGroup(caller, order),
  },
  reserve: { event: 'create-reservation', decide: reserving },
  cancelReservation: {
    event: 'cancel-reservation',
    decide: (_context, caller, order) => cancellingReservation(caller, order),
  },
  save: { event: 'create-image', decide: (_context, caller, order) => imaging(caller, order) },
  wear: { event: 'associate-mixin', decide: (_context, caller, order) => associatingMixin(caller, order) },
}

const deciding = <K extends PartName>(context: Context, caller: Caller, name: K, order: Parts[K]['order']) =>
  RULES[name].decide(context, caller, order)

/** Bound to its context. */
export const openTogether = (context: Context): TogetherOperations => ({
  together: (caller, parts) => together(context, caller, parts),
})

/** Whatever it does. */
interface AnyPart {
  readonly do: PartName
  readonly order: unknown
}

async function together<K extends PartName>(
  context: Context,
  caller: Caller,
  parts: readonly Part<K>[],
): Promise<readonly Parts[K]['done'][]> {
  if (parts.length > MOST_AT_ONCE)
    throw fault('too-large', `this would change ${parts.length} entities; one request changes at most ${MOST_AT_ONCE}`)
  refuseShared(ordersOf(parts))
  // Made once: what a decision remembers of its former tries is its own.
  const decisions = parts.map((part) => deciding(context, caller, part.do, part.order))
  const event = [...new Set(parts.map((part) => RULES[part.do].event))].join('+')
  await released(context, caller, parts)
  return attempt(context, caller.actor, event, async (refusal) => {
    await context.mirror.fresh(caller.project)
    const draft = openDraft(context, caller.project)
    const value: Parts[K]['done'][] = []
    for (const decide of decisions) {
      const { change, value: done } = await decide(draft.context, refusal)
      draft.add(change)
      value.push(done)
    }
    const change = draft.change()
    if (change?.creates?.some(({ ref }) => ref.kind === 'compute'))
      await checkRoomBeside(context, openProject(context, caller.project), madeIn(draft, change.creates))
    return { change, value }
  })
}

/** Machines ordered. */
const ordersOf = (parts: readonly AnyPart[]): readonly RunOrder[] =>
  parts.filter((part): part is Part<'run'> => part.do === 'run').map(({ order }) => order)

const madeIn = ({ context: { mirror } }: Draft, creates: readonly Create[]): readonly ComputeRecord[] =>
  creates.flatMap(({ ref }) => (ref.kind === 'compute' ? (mirror.get('compute', ref.id) ?? []) : []))

/** Machines that addresses led to a moment ago let go of them: all are waited for at once. */
async function released({ mirror }: Context, caller: Caller, parts: readonly AnyPart[]): Promise<void> {
  const addresses = parts.flatMap((part) => (part.do === 'release' ? [String(part.order)] : []))
  if (addresses.length === 0) return
  await mirror.fresh(caller.project)
  await Promise.all(addresses.map((id) => letGo(mirror, id)))
}
