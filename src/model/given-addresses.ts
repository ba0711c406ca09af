/** Which addresses a machine has: those leased to it here, or what its provider gave it. Pure. */
import type { ComputeRecord, InterfaceWish } from './records'

type Placed = Pick<ComputeRecord, 'seen' | 'place'>

const isFirst = ({ wish }: Pick<ComputeRecord, 'wish'>, one: InterfaceWish): boolean =>
  wish.interfaces[0]?.mac === one.mac

const givenTo = ({ seen, place }: Placed, scope: 'private' | 'public'): string | undefined =>
  place.offer === undefined ? undefined : seen.machine?.given?.addresses.find((one) => one.scope === scope)?.ip

/** The private address of one of its interfaces; null: none, or its provider has not told it yet. */
export const addressOf = (record: ComputeRecord, one: InterfaceWish): string | null =>
  record.place.offer === undefined ? one.address : isFirst(record, one) ? (givenTo(record, 'private') ?? null) : null

/** The public address that its provider gave it; undefined: none, or it is at no provider. */
export const publicGiven = (record: Placed): string | undefined => givenTo(record, 'public')

/** Whether a look shows the interface connected: at a provider it comes with the machine. */
export const isConnected = ({ seen }: Pick<ComputeRecord, 'seen'>, { mac }: InterfaceWish): boolean =>
  seen.machine?.whole ? seen.machine.domain !== 'absent' : seen.machine?.interfaces.includes(mac) === true
