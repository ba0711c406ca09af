import { fault } from '../../faults'

export const nothingAt = (path: string) => fault('not-found', `there is nothing at ${path.slice(0, 256)}`)
