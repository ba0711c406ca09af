/**
 * Times as people say them in their own zone, and moments. Rules of zones are those of Intl (the IANA data that Node carries). Where the
 * clocks are put forward an hour of the day is missing, where they are put back one comes twice: a time in either is refused, with
 * the times in UTC between which the caller chooses.
 */
import { fault } from '../faults'
import { HOUR_MS } from './durations'

const LOCAL = /^(\d{4})-(\d{2})-(\d{2})[ T](\d{2}):(\d{2})(?::(\d{2}))?$/
const INSTANT = /^\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2})$/

/**
 * A time with its offset (ISO 8601, or with a blank for its T), ms since 1970; NaN for none, and for the 31st of February, which
 * Date.parse takes for a day in March.
 */
export function instantOf(text: string): number {
  if (!INSTANT.test(text)) return Number.NaN
  const [year = 0, month = 0, day = 0] = text.slice(0, 10).split('-').map(Number)
  return day <= new Date(Date.UTC(year, month, 0)).getUTCDate() ? Date.parse(text.replace(' ', 'T')) : Number.NaN
}

/** So many zones a site hears of at most, and each has thousands of spellings: names count in any case, and a format takes 35 KiB. */
const MOST_FORMATS = 64
const formats = new Map<string, Intl.DateTimeFormat>()

/** Faults: 'invalid' for what is no IANA name. */
function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone)
  if (known) return known
  try {
    const made = new Intl.DateTimeFormat('en-CA', {
      ...{ timeZone: zone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit' },
      ...{ hour: '2-digit', minute: '2-digit', second: '2-digit' },
    })
    if (formats.size >= MOST_FORMATS) formats.clear()
    formats.set(zone, made)
    return made
  } catch (cause) {
    throw fault('invalid', `${zone.slice(0, 64)} is no time zone; Europe/Berlin is one`, { field: 'time-zone', cause })
  }
}

/** Faults: 'invalid' for what is no IANA name. */
export const checkTimeZone = (zone: string): void => void formatOf(zone)

/** The clock of a zone at a moment, as if it were UTC, ms. */
function clockAt(at: number, zone: string): number {
  const parts = Object.fromEntries(
    formatOf(zone)
      .formatToParts(at)
      .map(({ type, value }) => [type, Number(value)]),
  )
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts
  return Date.UTC(year, month - 1, day, hour, minute, second)
}

/** `2026-11-22 09:00` in a zone. */
export const inZone = (at: number, zone: string): string =>
  new Date(clockAt(at, zone)).toISOString().slice(0, 16).replace('T', ' ')

/** `2026-11-22 08:00Z` */
export const inUtc = (at: number): string => `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')}Z`

/** Zones are at most so far from UTC, and are put forward or back by no more than a day at once. */
const FURTHEST_HOURS = 26

/**
 * A time in a zone, or with an offset of its own, as ms since 1970. Faults: 'invalid' for what is no time, for one that the clocks of the
 * zone leave out, and for one that they show twice.
 */
export function momentOf(text: string, zone: string, field: string): number {
  const at = instantOf(text)
  if (!Number.isNaN(at)) return at
  const [, year, month, day, hour, minute, second = '0'] = LOCAL.exec(text) ?? []
  const numbers = [year, month, day, hour, minute, second].map(Number)
  const [y = 0, mo = 0, d = 0, h = 0, mi = 0, s = 0] = numbers
  const clock = Date.UTC(y, mo - 1, d, h, mi, s)
  const isReal = new Date(clock).getUTCDate() === d && h < 24 && mi < 60 && s < 60 && mo >= 1 && mo <= 12
  if (year === undefined || !isReal)
    throw fault('invalid', `${text.slice(0, 40)} is no time such as "2026-11-22 09:00" or 2026-11-22T08:00Z`, { field })
  return theOne(clock, zone, text, field)
}

/** The one moment at which the clock of the zone shows that. */
function theOne(clock: number, zone: string, text: string, field: string): number {
  const offsets = new Set<number>()
  for (let hours = -FURTHEST_HOURS; hours <= FURTHEST_HOURS; hours += 1) {
    const near = clock + hours * HOUR_MS
    offsets.add(clockAt(near, zone) - near)
  }
  const moments = [...offsets].map((offset) => clock - offset).filter((at) => clockAt(at, zone) === clock)
  const [first, second] = [...new Set(moments)].sort((a, b) => a - b)
  if (first === undefined)
    throw fault('invalid', `the clocks of ${zone} leave out ${text} on that day; say another time`, { field })
  if (second !== undefined)
    throw fault('invalid', `the clocks of ${zone} show ${text} twice: say ${inUtc(first)} or ${inUtc(second)}`, {
      field,
    })
  return first
}
