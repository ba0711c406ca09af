/** An operator's order for a network, checked before anything is read. Every refusal names its field. */
import { fault } from '../../faults'
import { type Block, formatIpv4, isHostOf, leasable, parseCidr, parseIpv4, rangesOverlap } from '../../model/addresses'
import type { NetworkRecord } from '../../model/records'
import { isPooled, LAST_VLAN, type VlanPool } from '../../model/vlan-pool'
import { checkName } from '../check-name'
import type { NetworkOrder } from './operations'

const LONGEST_TITLE = 255
const MOST_DNS = 3

export const invalid = (field: string, message: string) => fault('invalid', `${field}: ${message}`, { field })

/** Faults: 'invalid' naming the field. */
export function checkNetwork(order: NetworkOrder): void {
  checkName('network', 'name', order.name)
  checkName('bridge', 'bridge', order.bridge)
  if ((order.title?.length ?? 0) > LONGEST_TITLE) throw invalid('title', `at most ${LONGEST_TITLE} characters`)
  checkVlan(order.vlan)
  const block = checkedCidr(order.cidr)
  if (order.gateway !== undefined) addressIn(block, 'gateway', order.gateway, order.cidr)
  checkDns(order.dns ?? [])
  if (order.isPublic === true && (order.dns ?? []).length > 0)
    throw invalid('dns', 'no machine is connected to a public network, so none asks its name servers')
  checkRange(order, block)
}

function checkVlan(vlan: number | undefined): void {
  if (vlan !== undefined && !(Number.isInteger(vlan) && vlan >= 1 && vlan <= LAST_VLAN))
    throw invalid('vlan', `a whole number from 1 to ${LAST_VLAN}`)
}

/** Faults: 'invalid'. */
export function checkedCidr(cidr: string): Block {
  const block = parseCidr(cidr)
  if (block === undefined) throw invalid('cidr', 'an IPv4 range with a prefix of 8 to 30, as in 10.0.0.0/16')
  const whole = `${formatIpv4(block.base)}/${cidr.slice(cidr.indexOf('/') + 1)}`
  if (whole !== cidr) throw invalid('cidr', `${cidr} is not where its range begins: that is ${whole}`)
  return block
}

/** An address that a machine of this range may have. Faults: 'invalid'. */
export function addressIn(block: Block, field: string, text: string, cidr: string): number {
  const address = parseIpv4(text)
  if (address === undefined) throw invalid(field, `${JSON.stringify(text.slice(0, 40))} is no IPv4 address`)
  if (!isHostOf(block, address)) throw invalid(field, `${text} is no address that a machine may have in ${cidr}`)
  return address
}

function checkDns(dns: readonly string[]): void {
  if (dns.length > MOST_DNS) throw invalid('dns', `at most ${MOST_DNS} addresses`)
  const wrong = dns.find((address) => parseIpv4(address) === undefined)
  if (wrong !== undefined) throw invalid('dns', `${JSON.stringify(wrong.slice(0, 40))} is no IPv4 address`)
}

function checkRange({ cidr, gateway = '', range }: NetworkOrder, block: Block): void {
  if (range !== undefined) {
    const first = addressIn(block, 'range.first', range.first, cidr)
    const last = addressIn(block, 'range.last', range.last, cidr)
    if (first > last) throw invalid('range', `${range.first} comes after ${range.last}`)
  }
  if (leasable(cidr, gateway, range) === undefined) throw invalid('range', 'it leaves no address for machines')
}

/**
 * Another network on the same wire (bridge and VLAN) whose range has addresses of this one: one address would be given twice.
 * Faults: 'conflict'.
 */
export function checkWire(order: NetworkOrder, others: readonly NetworkRecord[]): void {
  const other = others.find(
    ({ wish }) =>
      wish.bridge === order.bridge && wish.vlan === (order.vlan ?? null) && rangesOverlap(order.cidr, wish.cidr),
  )
  if (other === undefined) return
  const wire = order.vlan === undefined ? order.bridge : `${order.bridge}, VLAN ${order.vlan}`
  throw fault('conflict', `${order.cidr} overlaps ${other.wish.cidr} of ${other.wish.name}, which is on ${wire} too`, {
    field: 'cidr',
    subject: { kind: 'network', id: other.id },
  })
}

/** What projects' networks are given is no operator's to name: two of them would share a wire. Faults: 'conflict'. */
export function refusePooled({ bridge, vlan }: NetworkOrder, pool: VlanPool): void {
  if (vlan !== undefined && isPooled(pool, { bridge, vlan }))
    throw fault('conflict', `VLAN ${vlan} of ${bridge} is among those that projects' networks are given`, {
      field: 'vlan',
    })
}
