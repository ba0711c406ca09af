/**
 * `occi.securitygroup.rules` as a client wrote it (rOCCI-core 5.0, `occi.securitygroup.rules.yml`: an array of objects, each with
 * protocol and type, also range and port). rOCCI writes ports as `80`, `80:90` or `22,80`, ooi as `8000-9000`: all are taken.
 */
import { z } from 'zod'
import { fault } from '../../faults'
import { isUuid, type SecurityGroupId } from '../../model/ids'
import type { PortRange, RuleSpec } from '../../model/records'
import { canonicalCidr } from '../../model/traffic/cidr'
import { MOST_RULES, type NewRule, tooManyRules } from '../../operations/groups'

export const RULES = 'occi.securitygroup.rules'

const LONGEST_DESCRIPTION = 255
const word = z.union([z.string(), z.number()]).transform(String)
const written = z.array(
  z.strictObject({
    type: word,
    protocol: word,
    port: word.exactOptional(),
    range: word.exactOptional(),
    group: word.exactOptional(),
    description: z.string().max(LONGEST_DESCRIPTION).exactOptional(),
  }),
)
type Written = z.infer<typeof written>[number]

const TYPES: Readonly<Record<string, RuleSpec['direction']>> = {
  inbound: 'in',
  ingress: 'in',
  in: 'in',
  outbound: 'out',
  egress: 'out',
  out: 'out',
}
const PROTOCOLS: Readonly<Record<string, RuleSpec['protocol']>> = {
  tcp: 'tcp',
  udp: 'udp',
  icmp: 'icmp',
  all: 'all',
  any: 'all',
}
const EVERYWHERE = '0.0.0.0/0'

const invalid = (message: string) => fault('invalid', `${RULES}: ${message}`, { field: RULES })

/** Inwards and outwards, a rule that is written for several ports as one. */
const MOST_WRITTEN = 2 * MOST_RULES

/**
 * From the JSON text that the attribute's value is. Throws 'invalid' naming the attribute, the rule by its number, and what is wrong,
 * and 'quota' for more than a group may have, before it looks at any of them.
 */
export function groupRules(text: string): readonly NewRule[] {
  const content: unknown = JSON.parse(text)
  if (Array.isArray(content) && content.length > MOST_WRITTEN) throw tooManyRules()
  const parsed = written.safeParse(content)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw invalid(`${(issue?.path ?? []).join('.') || 'the value'}: ${issue?.message ?? 'is not what it should be'}`)
  }
  return parsed.data.flatMap((rule, at) => {
    try {
      return rulesOf(rule)
    } catch (thrown) {
      throw invalid(`rule ${at + 1}: ${thrown instanceof Error ? thrown.message : 'is none'}`)
    }
  })
}

/** One for each of several ports. */
function rulesOf(rule: Written): readonly NewRule[] {
  const direction = among(TYPES, rule.type, 'type')
  const protocol = among(PROTOCOLS, rule.protocol, 'protocol')
  const common = { direction, protocol, peer: peerOf(rule), description: rule.description || null }
  return portsOf(protocol, rule.port).map((ports) => ({ ...common, ports }))
}

function among<T>(known: Readonly<Record<string, T>>, text: string, what: string): T {
  const word = text.trim().toLowerCase()
  const found = Object.hasOwn(known, word) ? known[word] : undefined
  if (found !== undefined) return found
  throw new Error(`${what} ${JSON.stringify(text.slice(0, 40))} is none of ${Object.keys(known).join(', ')}`)
}

function peerOf({ range, group }: Written): RuleSpec['peer'] {
  if (range !== undefined && group !== undefined) throw new Error('it has a range and a group')
  if (group !== undefined) {
    const id = group.replace(/^urn:uuid:|^\/securitygroup\//, '')
    if (isUuid(id)) return { group: id as SecurityGroupId }
    throw new Error(`${JSON.stringify(group.slice(0, 64))} is no id of a security group`)
  }
  const cidr = canonicalCidr(range === undefined || range === '' ? EVERYWHERE : range)
  if (cidr !== undefined) return { cidr }
  throw new Error(`${JSON.stringify(range?.slice(0, 40))} is no IPv4 range`)
}

const LAST_PORT = 65_535
const LAST_ICMP = 255

/** null: all. */
function portsOf(protocol: RuleSpec['protocol'], text: string | undefined): readonly (PortRange | null)[] {
  if (text === undefined || text.trim() === '') return [null]
  if (protocol === 'all') throw new Error('a rule of all protocols has no port')
  const wrong = new Error(
    `${JSON.stringify(text.slice(0, 40))} is no ${protocol === 'icmp' ? 'type and code' : 'port'}`,
  )
  const ports = text.split(',', MOST_RULES + 1)
  if (ports.length > MOST_RULES) throw new Error(`a group has at most ${MOST_RULES} rules each way, one for each port`)
  return ports.map((one) => {
    const parts = /^(\d{1,5})(?:\s*[-:]\s*(\d{1,5}))?$/.exec(one.trim())
    if (parts === null) throw wrong
    const from = Number(parts[1])
    if (protocol === 'icmp') {
      const to = parts[2] === undefined ? -1 : Number(parts[2])
      if (from > LAST_ICMP || to > LAST_ICMP) throw wrong
      return { from, to }
    }
    const to = Number(parts[2] ?? parts[1])
    if (from > to || to > LAST_PORT) throw wrong
    return from === 0 && to === LAST_PORT ? null : { from, to }
  })
}
