import { asFault, type Fault } from '../../src/faults'

/** What a call that is to be refused is refused with; throws when it is accepted. */
export const refusalOf = async (call: Promise<unknown>): Promise<Fault> => {
  try {
    await call
  } catch (thrown) {
    return asFault(thrown)
  }
  throw new Error('it was not refused')
}
