/** Faults that a test puts on the wire, matched by `METHOD /path` and taken in the order in which they were given. */

export type Trouble =
  /** Nothing is done, and this is answered. */
  | { readonly what: 'answers'; readonly status: number; readonly code?: string; readonly body?: string }
  /** Nothing is done, and nothing is answered until the client gives up. */
  | { readonly what: 'silent' }
  /** It is done, and nothing is answered until the client gives up. */
  | { readonly what: 'silent after' }
  /** The connection is cut, and nothing was done. */
  | { readonly what: 'cut before' }
  /** It is done, and the connection is cut without an answer. */
  | { readonly what: 'cut after' }
  /** The connection is cut; it is done when the test says so with `arrive()`: a request that lay somewhere on its way. */
  | { readonly what: 'cut, done late' }
  /** It is done, and the answer has another body. */
  | { readonly what: 'garbage'; readonly body: string | Buffer }

export interface Rule {
  /** Of `METHOD /path`, and of the body. */
  readonly on: RegExp
  readonly body?: RegExp
  readonly trouble: Trouble
  /** How often; once if absent. */
  readonly times?: number
}

export interface Troubles {
  add(rule: Rule): void
  clear(): void
  /** How many that were given met no request yet. */
  unused(): number
  /** The trouble that this request meets, used up by it. */
  take(request: string, body: Buffer): Trouble | undefined
}

export function newTroubles(): Troubles {
  let rules: { rule: Rule; left: number }[] = []
  return {
    add: (rule) => void rules.push({ rule, left: rule.times ?? 1 }),
    clear: () => {
      rules = []
    },
    unused: () => rules.reduce((sum, { left }) => sum + left, 0),
    take(request, body) {
      const met = rules.find(
        ({ rule, left }) => left > 0 && rule.on.test(request) && (rule.body?.test(body.toString('utf8')) ?? true),
      )
      if (!met) return undefined
      met.left -= 1
      return met.rule.trouble
    },
  }
}
