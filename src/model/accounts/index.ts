/** What was used, and what it costs. */
export * from './alarms'
export * from './flows'
export * from './prices'
export * from './reconcile'
export * from './tally'
export * from './use'
