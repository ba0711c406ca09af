/** Interfaces of machines that are there (OCCI networkinterface, EC2 network interface): part of `Operations`. */
import type { ComputeId, MixinId, NetworkId } from '../../model/ids'
import type { ComputeRecord, InterfaceWish } from '../../model/records'
import type { Caller } from '../context'

/** An interface as an order describes it. What is left out is chosen. */
export interface InterfaceAsked {
  /** Left out: the site's first. */
  readonly network?: NetworkId
  /** Of the network's range. */
  readonly address?: string
  readonly mac?: string
  /** The project's own, to put on it. */
  readonly mixins?: readonly MixinId[]
}

export interface ConnectOrder extends InterfaceAsked {
  readonly compute: ComputeId
  readonly dryRun?: boolean
}

export interface DisconnectOrder {
  readonly compute: ComputeId
  /** `eni-…` */
  readonly name: string
  readonly dryRun?: boolean
}

export interface InterfaceOperations {
  /**
   * One more interface, hot where the machine runs. 'not-found' (machine, network), 'state' (machine, network), 'in-use' for an
   * address or MAC address that somebody has, 'invalid', 'missing', 'no-capacity', 'too-large', 'unsupported' where its host cannot.
   */
  connectInterface(
    caller: Caller,
    order: ConnectOrder,
  ): Promise<{ readonly record: ComputeRecord; readonly made: InterfaceWish }>
  /** 'not-found' (machine, interface), 'state', 'unsupported' where its host cannot. */
  disconnectInterface(caller: Caller, order: DisconnectOrder): Promise<ComputeRecord>
}
