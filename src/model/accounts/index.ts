/** What was used, and what it costs. */
export * from './flows'
export * from './use'
