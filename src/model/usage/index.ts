/** What hosts and machines use, and used. */
export * from './advance'
export * from './slots'
export * from './use'
