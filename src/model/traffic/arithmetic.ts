/** Rules as values: when two are the same, when one says all that another says, and what a machine's groups come to. Pure. */
import type { SecurityGroupId } from '../ids'
import type { GroupPeer, PortRange, RuleSpec, TrafficRule } from '../security-groups'
import { isWithin, parseRange } from './cidr'

const peerText = (peer: GroupPeer): string => ('group' in peer ? `group ${peer.group}` : `cidr ${peer.cidr}`)
const portsText = (ports: PortRange | null): string => (ports === null ? 'all' : `${ports.from}-${ports.to}`)

/** What makes a rule the rule that it is: everything but its id and description. */
export const ruleKey = ({ direction, protocol, ports, peer }: RuleSpec): string =>
  [direction, protocol, portsText(ports), peerText(peer)].join(' ')

export const isSameRule = (a: RuleSpec, b: RuleSpec): boolean => ruleKey(a) === ruleKey(b)

/** The first that says the same as one before it. */
export const firstTwice = <R extends RuleSpec>(rules: readonly R[]): R | undefined => {
  const seen = new Set<string>()
  return rules.find((rule) => seen.size === seen.add(ruleKey(rule)).size)
}

function portsCover(outer: TrafficRule, inner: TrafficRule): boolean {
  if (outer.protocol === 'all') return true
  if (outer.protocol !== inner.protocol) return false
  if (outer.ports === null) return true
  if (inner.ports === null) return false
  if (outer.protocol !== 'icmp') return outer.ports.from <= inner.ports.from && outer.ports.to >= inner.ports.to
  const { from: type, to: code } = outer.ports
  return (type === -1 || type === inner.ports.from) && (code === -1 || code === inner.ports.to)
}

/** Whether everything that `inner` lets through passes by `outer` alone. */
export function covers(outer: TrafficRule, inner: TrafficRule): boolean {
  const [wide, narrow] = [parseRange(outer.peer), parseRange(inner.peer)]
  if (wide === undefined || narrow === undefined || outer.direction !== inner.direction) return false
  return isWithin(narrow, wide) && portsCover(outer, inner)
}

const trafficKey = ({ direction, protocol, ports, peer }: TrafficRule): string =>
  [direction, protocol, portsText(ports), peer].join(' ')

/** Above so many, looking for what is said twice over costs more than it saves. */
const MOST_COMPARED = 40

/**
 * What the rules of one interface's groups come to: references become the addresses of the members, what another rule says already
 * is left out, and the order is always the same, so that the same rules have the same digest.
 */
export function trafficOf(
  rules: readonly RuleSpec[],
  membersOf: (group: SecurityGroupId) => readonly string[],
): readonly TrafficRule[] {
  const all = new Map<string, TrafficRule>()
  for (const { direction, protocol, ports, peer } of rules)
    for (const range of 'group' in peer ? membersOf(peer.group).map((address) => `${address}/32`) : [peer.cidr]) {
      const rule = { direction, protocol, ports, peer: range }
      all.set(trafficKey(rule), rule)
    }
  const sorted = [...all].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, rule]) => rule)
  if (sorted.length > MOST_COMPARED) return sorted
  return sorted.filter((rule) => !sorted.some((other) => other !== rule && covers(other, rule) && !covers(rule, other)))
}
