/** What an order for a project's network may say. Every refusal names its field. */
import { fault } from '../../faults'
import { freeRange, leasable, rangesOverlap } from '../../model/addresses'
import { isUuid, type NetworkId } from '../../model/ids'
import type { NetworkRecord } from '../../model/records'
import type { Mirror } from '../../store/store'
import { addressIn, checkedCidr, invalid } from '../offers/check-network'
import { unusableId } from '../own-id'
import { checkTexts } from '../storage/check'
import type { ChangeNetworkOrder, CreateNetworkOrder } from './operations'

const LABEL = /^[A-Za-z0-9._-]{1,64}$/

/** Before anything is read. Faults: 'invalid'. */
export function checkNetworkOrder(order: Omit<CreateNetworkOrder, 'title' | 'summary'> & TextsAndLabel): void {
  if (order.id !== undefined && !isUuid(order.id)) throw unusableId('network', order.id)
  checkWords(order)
  if (order.cidr !== undefined) checkRange(order.cidr, order.gateway ?? '')
  else if (order.gateway !== undefined)
    throw fault('combination', 'a gateway needs the range that it lies in: cidr', { field: 'gateway' })
  if (order.vlan !== undefined && !Number.isInteger(order.vlan)) throw invalid('vlan', 'a whole number')
}

type TextsAndLabel = Pick<ChangeNetworkOrder, 'title' | 'summary'>

/** Faults: 'invalid'. */
export function checkWords(order: Pick<ChangeNetworkOrder, 'title' | 'summary' | 'label'>): void {
  checkTexts(order)
  if (order.label !== undefined && order.label !== null && !LABEL.test(order.label))
    throw invalid('label', 'letters, digits, dots, hyphens and underscores, at most 64')
}

/** Faults: 'invalid' naming `cidr` or `gateway`. */
export function checkRange(cidr: string, gateway: string): void {
  const block = checkedCidr(cidr)
  if (gateway !== '') addressIn(block, 'gateway', gateway, cidr)
  if (leasable(cidr, gateway) === undefined) throw invalid('cidr', 'it leaves no address for machines')
}

/** Networks of one machine must not overlap, so none of a project's does with another one that it can use. Faults: 'conflict'. */
export function refuseOverlap(mirror: Pick<Mirror, 'list'>, { id, cidr, project }: Placed): void {
  const other = usable(mirror, project).find((one) => one.id !== id && rangesOverlap(cidr, one.wish.cidr))
  if (other === undefined) return
  const name = other.wish.title || other.wish.name
  throw fault('conflict', `${cidr} overlaps ${other.wish.cidr} of the network ${name}`, {
    field: 'cidr',
    subject: { kind: 'network', id: other.id },
  })
}

interface Placed {
  readonly id: NetworkId | null
  readonly cidr: string
  readonly project: NonNullable<NetworkRecord['project']>
}

/** Those that are being removed too: hosts may still have them. */
const usable = (mirror: Pick<Mirror, 'list'>, project: Placed['project']): readonly NetworkRecord[] => [
  ...mirror.list('network', null),
  ...mirror.list('network', project),
]

/** A range that overlaps none that the project can use. Faults: 'no-capacity'. */
export function unusedRange(mirror: Pick<Mirror, 'list'>, project: Placed['project']): string {
  const range = freeRange(usable(mirror, project).map(({ wish }) => wish.cidr))
  if (range === undefined)
    throw fault('no-capacity', 'all ranges for networks of which none is said are in use: name one', {
      field: 'cidr',
      reason: 'addresses',
    })
  return range
}
