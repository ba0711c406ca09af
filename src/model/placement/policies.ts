/** Ways to prefer hosts that have a name: each is a rank. A policy more is a line here. */
export const POLICIES = {
  packing: { rank: 'RUNNING_VMS', means: 'as few hosts as possible: the fullest first' },
  striping: { rank: '- RUNNING_VMS', means: 'as many hosts as possible: the emptiest first' },
  'load-aware': { rank: 'FREE_CPU', means: 'the host with most CPU not in use, as measured' },
  fixed: { rank: 'PRIORITY', means: "the operator's order: the label PRIORITY" },
  cost: { rank: '- COST * 1000000', means: 'the cheapest: the label COST, a price for an hour' },
} as const satisfies Readonly<Record<string, { readonly rank: string; readonly means: string }>>

export type PolicyName = keyof typeof POLICIES
export const POLICY_NAMES = Object.keys(POLICIES) as readonly PolicyName[]
export const isPolicy = (name: string): name is PolicyName => Object.hasOwn(POLICIES, name)

/** One of several preferences: their values are each divided by the largest among the hosts that may take it, weighted, and added. */
export interface Share {
  readonly rank: string
  readonly weight: number
}
