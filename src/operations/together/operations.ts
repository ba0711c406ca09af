/** Several orders, all or none, in one script: part of `Operations`. */
import type { AddressId, ComputeId } from '../../model/ids'
import type {
  ComputeRecord,
  ImageRecord,
  NetworkRecord,
  PlacementGroupRecord,
  SecurityGroupRecord,
} from '../../model/records'
import type { AddressOperations, AddressView, AllocateOrder, AssociateOrder, LevelOrder } from '../addresses/operations'
import type { Caller } from '../context'
import type { GroupOperations } from '../groups/operations'
import type { ConnectOrder, DisconnectOrder, InterfaceOperations } from '../interfaces/operations'
import type { Changed, ComputeUpdate, MixinAssociation, RunOrder, Verb } from '../machine-orders'
import type { ChangeNetworkOrder, CreateNetworkOrder, NetworkOperations } from '../networks/operations'
import type { PlacementGroupOperations } from '../placement-groups/operations'
import type { ReservationOperations, ReservationView, ReserveOrder } from '../reservations/operations'
import type { Ran } from '../run/ran'
import type { AttachOrder, DetachOrder, StorageDeletion, StorageView } from '../storage/operations'
import type { MachineImageOrder } from '../storage/snapshots/operations'

interface What<Order, Done> {
  readonly order: Order
  readonly done: Done
}

/** What can be done together, under the name of what is done to one: its order, and what comes of it. */
export interface Parts {
  readonly run: What<RunOrder, Ran>
  readonly connect: What<ConnectOrder, Awaited<ReturnType<InterfaceOperations['connectInterface']>>>
  readonly disconnect: What<DisconnectOrder, ComputeRecord>
  readonly attach: What<AttachOrder, StorageView>
  readonly detach: What<DetachOrder, StorageView>
  readonly allocate: What<AllocateOrder, AddressView>
  readonly associate: What<AssociateOrder, AddressView>
  readonly disassociate: What<Parameters<AddressOperations['disassociateAddress']>[1], AddressView>
  readonly level: What<LevelOrder, AddressView>
  readonly release: What<AddressId, void>
  readonly createGroup: What<Parameters<GroupOperations['createGroup']>[1], SecurityGroupRecord>
  readonly setGroups: What<Parameters<GroupOperations['setGroups']>[1], ComputeRecord>
  readonly deleteGroups: What<Parameters<GroupOperations['deleteGroups']>[1], void>
  readonly createNetwork: What<CreateNetworkOrder, NetworkRecord>
  readonly changeNetwork: What<ChangeNetworkOrder, NetworkRecord>
  readonly deleteNetworks: What<Parameters<NetworkOperations['deleteNetworks']>[1], void>
  readonly wear: What<MixinAssociation, void>
  readonly createPlacementGroup: What<
    Parameters<PlacementGroupOperations['createPlacementGroup']>[1],
    PlacementGroupRecord
  >
  readonly deletePlacementGroup: What<Parameters<PlacementGroupOperations['deletePlacementGroup']>[1], void>
  readonly reserve: What<ReserveOrder, ReservationView>
  readonly cancelReservation: What<Parameters<ReservationOperations['cancelReservation']>[1], ReservationView>
  readonly save: What<MachineImageOrder, ImageRecord>
  readonly update: What<{ readonly id: ComputeId; readonly update: ComputeUpdate }, ComputeRecord>
  readonly deleteComputes: What<Verb, readonly Changed[]>
  readonly deleteStorages: What<StorageDeletion, void>
}

export type PartName = keyof Parts

export type Part<K extends PartName = PartName> = {
  readonly [P in K]: { readonly do: P; readonly order: Parts[P]['order'] }
}[K]

export interface TogetherOperations {
  /**
   * One after the other, each on what those before it leave, written at once: all or none, at most 1000 ('too-large'). Faults: those
   * of the first part that is refused.
   */
  together<K extends PartName>(caller: Caller, parts: readonly Part<K>[]): Promise<readonly Parts[K]['done'][]>
}
