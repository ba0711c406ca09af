/** What all intents have in common: an effect is announced, is under way, and ends in one way or the other. */
type Outcome = 'open' | 'running' | 'done' | 'failed'

/** Nobody knows yet what came of it: it may have been done. */
export const isUnsettled = (intent: { readonly outcome: Outcome } | null | undefined): boolean =>
  intent?.outcome === 'open' || intent?.outcome === 'running'
