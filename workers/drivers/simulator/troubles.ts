/** Faults that tests set. They are kept in the folder as well, so that a kill does not heal what a test broke. */
import { join } from 'node:path'
import { z } from 'zod'
import { readJson, writeJson } from './folder'

/** `verb`: a verb, a power verb in full (`power.on`), or `*`. `host`, `resource`: null is any. */
const where = {
  verb: z.string(),
  host: z.string().nullable().default(null),
  resource: z.string().nullable().default(null),
}
const times = z.number().int().positive()

/** network: before the guard sees it; command: while it is done, under the lock; answer: after it was done. */
export const slowSchema = z.object({
  ...where,
  ms: z.number().nonnegative(),
  by: z.enum(['real', 'simulated']).default('real'),
  at: z.enum(['network', 'command', 'answer']).default('command'),
})
/** The host says no, `times` times. */
export const refuseSchema = z.object({
  ...where,
  times,
  message: z.string().default('refused by a fault that was set'),
})
/** Done, but never heard of. unreachable: the connection breaks; silence: nothing comes. forgets: killed before the result was kept. */
export const loseSchema = z.object({
  ...where,
  times,
  how: z.enum(['unreachable', 'silence']).default('unreachable'),
  forgets: z.boolean().default(false),
})
/** How long detached work takes, ms by the simulator's clock: disk.ensure (a copy), save, power (a guest's shutdown), move. */
export const durationSchema = z.object({ ...where, ms: z.number().nonnegative() })

const schema = z.object({
  slow: z.array(slowSchema),
  refuse: z.array(refuseSchema),
  lose: z.array(loseSchema),
  durations: z.array(durationSchema),
})
type Rules = z.infer<typeof schema>
const NONE: Rules = { slow: [], refuse: [], lose: [], durations: [] }

/** What a call is, for a rule to match: `words` are its verb and finer names of it. */
export interface Call {
  readonly words: readonly string[]
  readonly host: string
  readonly resource: string | null
}

const matches = (rule: { verb: string; host: string | null; resource: string | null }, call: Call): boolean =>
  (rule.verb === '*' || call.words.includes(rule.verb)) &&
  (rule.host === null || rule.host === call.host) &&
  (rule.resource === null || rule.resource === call.resource)

export class Troubles {
  readonly #path: string
  #rules: Rules

  constructor(folder: string) {
    this.#path = join(folder, 'faults.json')
    this.#rules = readJson(this.#path, schema) ?? NONE
  }

  get rules(): Readonly<Rules> {
    return this.#rules
  }

  /** The newest rule of a sort wins. */
  add<S extends keyof Rules>(sort: S, rule: Rules[S][number]): void {
    this.#put({ ...this.#rules, [sort]: [rule, ...this.#rules[sort]] })
  }

  clear(): void {
    this.#put(NONE)
  }

  slow(call: Call, at: z.infer<typeof slowSchema>['at']): z.infer<typeof slowSchema> | undefined {
    return this.#rules.slow.find((rule) => rule.at === at && matches(rule, call))
  }

  /** ms that detached work takes; 0 without a rule. */
  duration(call: Call): number {
    return this.#rules.durations.find((rule) => matches(rule, call))?.ms ?? 0
  }

  /** Takes one refusal, if one is set. */
  takeRefusal(call: Call): string | undefined {
    const rule = this.#rules.refuse.find((one) => matches(one, call))
    if (rule) this.#put({ ...this.#rules, refuse: oneLess(this.#rules.refuse, rule) })
    return rule?.message
  }

  /** Takes one lost answer, if one is set. */
  takeLoss(call: Call): z.infer<typeof loseSchema> | undefined {
    const rule = this.#rules.lose.find((one) => matches(one, call))
    if (rule) this.#put({ ...this.#rules, lose: oneLess(this.#rules.lose, rule) })
    return rule
  }

  #put(rules: Rules): void {
    writeJson(this.#path, rules)
    this.#rules = rules
  }
}

const oneLess = <R extends { times: number }>(rules: readonly R[], rule: R): R[] =>
  rules.flatMap((one) => (one !== rule ? [one] : one.times > 1 ? [{ ...one, times: one.times - 1 }] : []))
