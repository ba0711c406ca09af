export * from './accepts'
export * from './name'
export * from './views'
