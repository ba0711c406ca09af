import { asFault } from '../../faults'

/** What is read, undefined where it is not there: a PUT then creates. Only the reading may say so, never what is done afterwards. */
export const orAbsent = <T>(reading: Promise<T>): Promise<T | undefined> =>
  reading.catch((thrown: unknown) => {
    if (asFault(thrown).kind === 'not-found') return undefined
    throw thrown
  })
