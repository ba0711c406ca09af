import { worthwhileMs } from '../../lease'
import type { Filter } from './filter'

const reason = 'its place is reserved for later'

/**
 * What is promised to a coming reservation is given to no machine that would still be there then. One that gives way may have it until
 * then.
 */
export const keepsReservations: Filter = {
  name: 'keeps-reservations',
  reason,
  narrows: true,
  concerns: ({ ahead }) => ahead !== undefined,
  admits: ({ size, yields, ends }, { ahead }) => {
    if (ahead === undefined) return true
    const short = ahead.find(({ at, inMs, free }) => {
      if (ends !== undefined && ends <= at) return false
      // One that gives way is not started for less than its saving takes.
      const mayStay = yields && inMs >= worthwhileMs(size.memoryMiB)
      const needsMore = !mayStay && (free.cpuHundredths < size.cpuHundredths || free.memoryMiB < size.memoryMiB)
      return needsMore || free.diskGiB < size.diskGiB
    })
    return short === undefined || `${reason}: from ${new Date(short.at).toISOString().slice(0, 19)}Z on`
  },
}
