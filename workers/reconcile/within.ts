/** A time limit on a driver's call, should the driver have none: no job waits for ever. Real time, for sockets keep to it too. */
import { fault } from '../../src/faults'

export const CALL_MS = 60_000

/** The call's outcome, or 'timeout' (outcome unknown) after `ms`. */
export async function within<T>(call: Promise<T>, ms: number = CALL_MS): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(fault('timeout', `its host did not answer within ${ms / 1000} s`)), ms)
  })
  try {
    return await Promise.race([call, late])
  } finally {
    clearTimeout(timer)
  }
}
