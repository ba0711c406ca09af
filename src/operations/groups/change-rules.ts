/** Changing the rules of a group: pure, each way all or nothing. */
import { type Fault, type FaultDetail, fault } from '../../faults'
import type { GroupRule, RuleSpec } from '../../model/records'
import { firstTwice, isSameRule, ruleKey } from '../../model/traffic/arithmetic'

/** EC2's quota: rules of a group, each way. */
export const MOST_RULES = 60

export interface NewRule extends RuleSpec {
  readonly description: string | null
  readonly tags?: Readonly<Record<string, string>>
}

/** Which rules: by their ids, or by what they say. */
export type RuleChoice = { readonly rules: readonly string[] } | { readonly specs: readonly RuleSpec[] }

const permission: FaultDetail = { subject: { kind: 'permission', id: '' } }

/** As EC2 words it. */
export const sayRule = ({ protocol, ports, peer }: RuleSpec): string =>
  [
    `peer: ${'group' in peer ? peer.group : peer.cidr}`,
    protocol === 'all' ? 'ALL' : protocol.toUpperCase(),
    ...(ports === null ? [] : [`from port: ${ports.from}`, `to port: ${ports.to}`]),
    'ALLOW',
  ].join(', ')

/** Faults: 'invalid' (twice in the order), 'exists', 'quota'. `draw` gives ids. */
export function addRules(
  rules: readonly GroupRule[],
  added: readonly NewRule[],
  draw: () => string,
): readonly GroupRule[] {
  refuseTwice(added)
  const there = new Set(rules.map(ruleKey))
  const twice = added.find((rule) => there.has(ruleKey(rule)))
  if (twice) throw alreadyThere(twice)
  return withinQuota([...rules, ...added.map((rule) => ({ rule: draw(), ...rule }))])
}

const alreadyThere = (rule: RuleSpec) =>
  fault('exists', `the specified rule "${sayRule(rule)}" already exists`, permission)

function refuseTwice(rules: readonly RuleSpec[]): void {
  const twice = firstTwice(rules)
  if (twice)
    throw fault('invalid', `The same permission must not appear multiple times: "${sayRule(twice)}"`, {
      field: 'IpPermissions',
    })
}

function withinQuota(rules: readonly GroupRule[]): readonly GroupRule[] {
  for (const direction of ['in', 'out'] as const)
    if (rules.filter((rule) => rule.direction === direction).length > MOST_RULES) throw tooManyRules()
  return rules
}

/** 'quota' */
export const tooManyRules = (): Fault =>
  fault('quota', `a security group has at most ${MOST_RULES} rules each way`, { field: 'rules' })

/** Those chosen, of that direction. Faults: 'not-found'. */
export function chosenRules(
  rules: readonly GroupRule[],
  direction: RuleSpec['direction'],
  choice: RuleChoice,
): readonly GroupRule[] {
  const candidates = rules.filter((rule) => rule.direction === direction)
  if ('rules' in choice)
    return [...new Set(choice.rules)].map((id) => candidates.find(({ rule }) => rule === id) ?? missingRule(id))
  return choice.specs.map((spec) => {
    const found = candidates.find((rule) => isSameRule(rule, spec))
    if (found) return found
    throw fault('not-found', `The specified rule does not exist in this security group: "${sayRule(spec)}"`, permission)
  })
}

function missingRule(id: string): never {
  throw fault('not-found', `The security group rule ID '${id}' does not exist`, {
    subject: { kind: 'securitygrouprule', id },
  })
}

/** Faults: 'not-found'. */
export function removeRules(
  rules: readonly GroupRule[],
  direction: RuleSpec['direction'],
  choice: RuleChoice,
): readonly GroupRule[] {
  const gone = new Set(chosenRules(rules, direction, choice))
  return rules.filter((rule) => !gone.has(rule))
}

/** What rules of these ids say now; their direction stays. Faults: 'not-found', 'exists', 'invalid'. */
export function replaceRules(
  rules: readonly GroupRule[],
  replaced: readonly { readonly rule: string; readonly by: Omit<NewRule, 'direction' | 'tags'> }[],
): readonly GroupRule[] {
  const next = replaced.reduce<readonly GroupRule[]>((sofar, { rule: id, by }) => {
    if (!sofar.some(({ rule }) => rule === id)) missingRule(id)
    return sofar.map((rule) => (rule.rule === id ? { ...rule, ...by } : rule))
  }, rules)
  const twice = firstTwice(next)
  if (twice) throw alreadyThere(twice)
  return next
}

/** Faults: 'not-found'. */
export function describeRules(
  rules: readonly GroupRule[],
  direction: RuleSpec['direction'],
  described: readonly { readonly choice: RuleChoice; readonly description: string | null }[],
): readonly GroupRule[] {
  return described.reduce((sofar, { choice, description }) => {
    const chosen = new Set(chosenRules(sofar, direction, choice))
    return sofar.map((rule) => (chosen.has(rule) ? { ...rule, description } : rule))
  }, rules)
}
