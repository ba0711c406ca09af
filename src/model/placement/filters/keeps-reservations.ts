import { MARGIN_MS, worthwhileMs } from '../../lease'
import { less } from '../claims'
import type { Filter } from './filter'

const reason = 'its place is reserved for later'

/**
 * What is promised to a coming reservation is given to no machine that would still be there then. One that gives way may have it until
 * then. Where there is no time left to save all that give way, what they have counts as theirs still: nobody comes in who would have
 * one more of them go.
 */
export const keepsReservations: Filter = {
  name: 'keeps-reservations',
  reason,
  narrows: true,
  concerns: ({ ahead }) => ahead !== undefined,
  admits: ({ size, yields, ends }, { ahead }) => {
    if (ahead === undefined) return true
    const short = ahead.find(({ at, inMs, free, giving }) => {
      if (ends !== undefined && ends <= at) return false
      const clearing = giving === undefined ? 0 : giving.savingMs + MARGIN_MS
      // One that gives way is not started for less than its saving takes.
      const mayStay = yields && inMs >= clearing + worthwhileMs(size.memoryMiB)
      const isTight = giving !== undefined && (yields || inMs < clearing)
      const left = isTight ? less(free, [giving.size]) : free
      const needsMore = !mayStay && (left.cpuHundredths < size.cpuHundredths || left.memoryMiB < size.memoryMiB)
      return needsMore || free.diskGiB < size.diskGiB
    })
    return short === undefined || `${reason}: from ${new Date(short.at).toISOString().slice(0, 19)}Z on`
  },
}
