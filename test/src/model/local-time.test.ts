import { inUtc, inZone, momentOf } from '../../../src/model/local-time'

const utc = (text: string, zone: string) => new Date(momentOf(text, zone, 'from')).toISOString()

test('a time in a zone, in winter and in summer, east and west', () => {
  expect(utc('2026-11-22 09:00', 'Europe/Berlin')).toBe('2026-11-22T08:00:00.000Z')
  expect(utc('2026-07-22 09:00', 'Europe/Berlin')).toBe('2026-07-22T07:00:00.000Z')
  expect(utc('2026-11-22 09:00:30', 'America/New_York')).toBe('2026-11-22T14:00:30.000Z')
  expect(utc('2026-11-22T09:00', 'Asia/Kolkata')).toBe('2026-11-22T03:30:00.000Z')
  expect(utc('2026-01-01 00:30', 'Pacific/Kiritimati')).toBe('2025-12-31T10:30:00.000Z')
  expect(utc('2026-11-22 09:00', 'UTC')).toBe('2026-11-22T09:00:00.000Z')
})

test('a time that says its offset needs no zone', () => {
  expect(utc('2028-02-29 00:00Z', 'Europe/Berlin')).toBe('2028-02-29T00:00:00.000Z')
  expect(utc('2026-11-22T09:00:00Z', 'Europe/Berlin')).toBe('2026-11-22T09:00:00.000Z')
  expect(utc('2026-11-22 09:00+05:30', 'Europe/Berlin')).toBe('2026-11-22T03:30:00.000Z')
  expect(utc('2026-11-22T09:00:00.250Z', 'Europe/Berlin')).toBe('2026-11-22T09:00:00.250Z')
})

test('around the change to summer time: the hour that is left out is refused', () => {
  expect(utc('2026-03-29 01:59', 'Europe/Berlin')).toBe('2026-03-29T00:59:00.000Z')
  expect(utc('2026-03-29 03:00', 'Europe/Berlin')).toBe('2026-03-29T01:00:00.000Z')
  expect(() => momentOf('2026-03-29 02:30', 'Europe/Berlin', 'from')).toThrow(
    'the clocks of Europe/Berlin leave out 2026-03-29 02:30 on that day; say another time',
  )
  expect(() => momentOf('2026-03-08 02:30', 'America/New_York', 'from')).toThrow('leave out')
})

test('around the change to winter time: the hour that comes twice is refused, with both times', () => {
  expect(utc('2026-10-25 01:59', 'Europe/Berlin')).toBe('2026-10-24T23:59:00.000Z')
  expect(utc('2026-10-25 03:00', 'Europe/Berlin')).toBe('2026-10-25T02:00:00.000Z')
  expect(() => momentOf('2026-10-25 02:30', 'Europe/Berlin', 'until')).toThrow(
    'the clocks of Europe/Berlin show 2026-10-25 02:30 twice: say 2026-10-25 00:30Z or 2026-10-25 01:30Z',
  )
})

test('a day is shorter or longer by an hour when the clocks change', () => {
  const day = (from: string, to: string) =>
    (momentOf(to, 'Europe/Berlin', 'until') - momentOf(from, 'Europe/Berlin', 'from')) / 3_600_000
  expect(day('2026-03-28 12:00', '2026-03-29 12:00')).toBe(23)
  expect(day('2026-10-24 12:00', '2026-10-25 12:00')).toBe(25)
  expect(day('2026-11-21 12:00', '2026-11-22 12:00')).toBe(24)
})

test.each([
  'tomorrow',
  '2026-13-01 00:00',
  '2026-02-30 00:00',
  '2026-02-30 00:00Z',
  '2026-11-22 24:00',
  '2026-11-22',
  '',
])('what is no time is refused: %s', (text) => {
  expect(() => momentOf(text, 'UTC', 'from')).toThrow('is no time such as')
})

test('a zone that is none is refused', () => {
  expect(() => momentOf('2026-11-22 09:00', 'Mars/Olympus', 'from')).toThrow('Mars/Olympus is no time zone')
})

test('a moment as clocks show it', () => {
  const at = Date.parse('2026-07-22T07:00:00Z')
  expect(inZone(at, 'Europe/Berlin')).toBe('2026-07-22 09:00')
  expect(inUtc(at)).toBe('2026-07-22 07:00Z')
})

test('what is known of a zone is kept, and of all the spellings of one no more than a few', () => {
  const made = jest.spyOn(Intl, 'DateTimeFormat')
  const spelling = (number: number) =>
    [...'america/argentina/catamarca'].map((char, at) => ((number >> at) & 1 ? char.toUpperCase() : char)).join('')
  /** How many zones were looked up for them. */
  const looked = (...numbers: readonly number[]): number => {
    made.mockClear()
    for (const number of numbers) expect(inZone(0, spelling(number))).toBe('1969-12-31 21:00')
    return made.mock.calls.length
  }
  expect(looked(1, 1, 1)).toBe(1)
  const hundred = Array.from({ length: 100 }, (_, number) => number)
  looked(...hundred)
  expect(looked(99)).toBe(0)
  // Whichever are kept, it is not all of them.
  expect(looked(...hundred)).toBeGreaterThanOrEqual(36)
  made.mockRestore()
})
