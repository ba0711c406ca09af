/** What rules come to: the same traffic as their sum, whatever is left out; and adding, revoking and replacing them. */
import fc from 'fast-check'
import { formatIpv4 } from '../../../../src/model/addresses'
import type { SecurityGroupId } from '../../../../src/model/ids'
import type { GroupRule, RuleSpec, TrafficRule } from '../../../../src/model/records'
import { covers, isSameRule, ruleKey, trafficOf } from '../../../../src/model/traffic/arithmetic'
import { canonicalCidr, isWithin, parseRange } from '../../../../src/model/traffic/cidr'
import { addRules, removeRules, replaceRules } from '../../../../src/operations/groups/change-rules'

/** Whether a packet of these passes. `port`: of icmp its type. */
const passes = (rules: readonly TrafficRule[], packet: Omit<TrafficRule, 'ports'> & { readonly port: number }) =>
  rules.some((rule) =>
    covers(rule, {
      direction: packet.direction,
      protocol: packet.protocol,
      ports: { from: packet.port, to: rule.protocol === 'icmp' ? 0 : packet.port },
      peer: packet.peer,
    }),
  )

// Few values, so that they meet.
const address = fc.nat({ max: 15 }).map((low) => formatIpv4(0x0a000000 + low))
const cidr = fc
  .tuple(address, fc.integer({ min: 26, max: 32 }))
  .map(([at, bits]) => canonicalCidr(`${at}/${bits}`) ?? '')
const group = fc.constantFrom('sg-a', 'sg-b', 'sg-gone').map((id) => id as SecurityGroupId)
const ports = fc
  .tuple(fc.nat({ max: 5 }), fc.nat({ max: 5 }))
  .map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) }))
const icmp = fc.constantFrom({ from: 8, to: -1 }, { from: 8, to: 0 }, { from: 0, to: 0 })
const direction = fc.constantFrom('in' as const, 'out' as const)
const peer = fc.oneof(
  cidr.map((range) => ({ cidr: range })),
  group.map((id) => ({ group: id })),
)
const spec: fc.Arbitrary<RuleSpec> = fc
  .tuple(
    direction,
    fc.constantFrom('tcp' as const, 'udp' as const, 'icmp' as const, 'all' as const),
    ports,
    icmp,
    peer,
    fc.boolean(),
  )
  .map(([way, protocol, some, type, of, any]) => ({
    direction: way,
    protocol,
    ports: protocol === 'all' || any ? null : protocol === 'icmp' ? type : some,
    peer: of,
  }))
const members: Readonly<Record<string, readonly string[]>> = {
  'sg-a': ['10.0.0.1', '10.0.0.2'],
  'sg-b': ['10.0.0.2', '10.0.0.9'],
}
const membersOf = (id: SecurityGroupId) => members[id] ?? []
const packet = fc.record({
  direction,
  protocol: fc.constantFrom('tcp' as const, 'udp' as const, 'icmp' as const),
  port: fc.nat({ max: 9 }),
  peer: address.map((at) => `${at}/32`),
})
const naive = (specs: readonly RuleSpec[]): TrafficRule[] =>
  specs.flatMap((rule) =>
    ('group' in rule.peer ? membersOf(rule.peer.group).map((at) => `${at}/32`) : [rule.peer.cidr]).map((range) => ({
      direction: rule.direction,
      protocol: rule.protocol,
      ports: rule.ports,
      peer: range,
    })),
  )

test('the same packets pass as by each rule alone, and no rule says what another says', () => {
  fc.assert(
    fc.property(fc.array(spec, { maxLength: 12 }), fc.array(packet, { maxLength: 30 }), (specs, packets) => {
      const traffic = trafficOf(specs, membersOf)
      for (const one of packets) expect(passes(traffic, one)).toBe(passes(naive(specs), one))
      for (const rule of traffic)
        expect(traffic.filter((other) => other !== rule && covers(other, rule) && !covers(rule, other))).toEqual([])
    }),
  )
})

test('order and repetition of the rules change nothing', () => {
  fc.assert(
    fc.property(fc.array(spec, { maxLength: 12 }), (specs) => {
      expect(trafficOf([...specs, ...specs].reverse(), membersOf)).toEqual(trafficOf(specs, membersOf))
    }),
  )
})

const distinct = fc.uniqueArray(spec, { maxLength: 10, selector: ruleKey })
const counted = () => {
  let drawn = 0
  return () => `sgr-${++drawn}`
}
const asNew = (specs: readonly RuleSpec[]) => specs.map((one) => ({ ...one, description: null }))
const added = (specs: readonly RuleSpec[]): readonly GroupRule[] => addRules([], asNew(specs), counted())

test('what was added is revoked by what it says or by its id, and nothing else goes', () => {
  fc.assert(
    fc.property(distinct, fc.nat(), (specs, at) => {
      const rules = added(specs)
      const chosen = rules[at % Math.max(1, rules.length)]
      if (!chosen) return
      const left = rules.filter((rule) => rule !== chosen)
      expect(removeRules(rules, chosen.direction, { specs: [chosen] })).toEqual(left)
      expect(removeRules(rules, chosen.direction, { rules: [chosen.rule] })).toEqual(left)
      const other = chosen.direction === 'in' ? 'out' : 'in'
      expect(() => removeRules(rules, other, { rules: [chosen.rule] })).toThrow('does not exist')
      expect(() => removeRules(left, chosen.direction, { specs: [chosen] })).toThrow('does not exist')
    }),
  )
})

test('what is there cannot be added again, nor be what another rule becomes; ids stay', () => {
  fc.assert(
    fc.property(fc.uniqueArray(spec, { minLength: 2, maxLength: 8, selector: ruleKey }), (specs) => {
      const rules = added(specs)
      for (const rule of rules) expect(() => addRules(rules, [rule], counted())).toThrow('already exists')
      const [first, second] = rules
      if (!first || !second) return
      const { direction: _way, ...said } = { ...second, direction: first.direction }
      const replace = () => replaceRules(rules, [{ rule: first.rule, by: said }])
      if (first.direction === second.direction) expect(replace).toThrow('already exists')
      const same = replaceRules(rules, [{ rule: first.rule, by: first }])
      expect(same).toEqual(rules)
    }),
  )
})

test('ranges: written in one way, within themselves, not within what is narrower', () => {
  fc.assert(
    fc.property(cidr, cidr, (a, b) => {
      const [one, other] = [parseRange(a), parseRange(b)]
      if (!one || !other) throw new Error('no range')
      expect(canonicalCidr(a)).toBe(a)
      expect(isWithin(one, one)).toBe(true)
      if (isWithin(one, other) && isWithin(other, one)) expect(a).toBe(b)
    }),
  )
  for (const wrong of ['', '10.0.0.0', '10.0.0.0/33', '10.0.0.0/-1', '10.0.0.256/8', '1/8', '10.0.0.0/8/8', '::/0'])
    expect(canonicalCidr(wrong)).toBeUndefined()
  expect(canonicalCidr('1.2.3.4/0')).toBe('0.0.0.0/0')
  const rule: RuleSpec = { direction: 'in', protocol: 'tcp', ports: null, peer: { cidr: '0.0.0.0/0' } }
  expect(isSameRule(rule, { ...rule, ports: { from: 0, to: 65_535 } })).toBe(false)
})
