import type { LeaseWish } from '../../../src/model/lease'
import { isWrong, parseTerms, type Term, type Terms, whyNever, writtenTerms } from '../../../src/model/lease-terms'

const NOW = Date.parse('2026-11-22T08:00:00Z')
const HOUR = 3600

test('terms as they are written, and written again', () => {
  const terms = {
    start: '2026-12-01T09:00:00+01:00',
    duration: '90m',
    atEnd: 'terminate',
    group: 'pair',
    members: '2',
  }
  const lease = parseTerms(terms)
  expect(lease).toEqual({
    start: Date.parse('2026-12-01T08:00:00Z'),
    seconds: 5400,
    atEnd: 'terminate',
    group: { name: 'pair', members: 2 },
  })
  const written = writtenTerms(lease as LeaseWish)
  expect(written).toEqual({ ...terms, start: '2026-12-01T08:00:00Z', duration: '5400s' })
  expect(parseTerms(written)).toEqual(lease)
})

test('nothing said is nothing, and what is false is not said', () => {
  expect(parseTerms({})).toEqual({})
  expect(parseTerms({ preemptible: 'false' })).toEqual({})
  expect(parseTerms({ start: 'now' })).toEqual({ start: 'now' })
  expect(parseTerms({ deadline: '2026-12-01 09:00+01:00' })).toEqual(
    parseTerms({ deadline: '2026-12-01T08:00:00.000Z' }),
  )
  expect(writtenTerms(undefined)).toEqual({})
  expect(writtenTerms({ seconds: 60 })).toEqual({ duration: '60s', atEnd: 'stop' })
})

test.each<[Term, Terms]>([
  ['start', { start: 'tomorrow' }],
  ['start', { start: '2026-12-01 09:00' }],
  ['start', { start: '2026-13-41T08:00:00Z' }],
  ['start', { start: '2027-02-29T08:00:00Z' }],
  ['duration', { duration: '1.5h' }],
  ['duration', { duration: '' }],
  ['deadline', { deadline: '12:00' }],
  ['atEnd', { atEnd: 'hibernate' }],
  ['group', { group: 'two words', members: '2' }],
  ['members', { group: 'pair' }],
  ['members', { group: 'pair', members: '0' }],
  ['members', { members: '2' }],
  ['preemptible', { preemptible: 'yes' }],
])('%s is malformed in %j', (term, terms) => {
  const wrong = parseTerms(terms)
  expect(isWrong(wrong) && wrong.term).toBe(term)
})

test('a group of one call has as many machines as the call', () => {
  expect(parseTerms({ group: 'pair' }, 2)).toEqual({ group: { name: 'pair', members: 2 } })
})

test.each<[Term, 'together' | 'alone', LeaseWish]>([
  ['start', 'alone', { start: NOW - 1 }],
  ['start', 'alone', { start: NOW + 4000 * 86_400_000 }],
  ['duration', 'alone', { seconds: 0 }],
  ['duration', 'alone', { seconds: 400_000_000 }],
  ['deadline', 'alone', { seconds: HOUR, deadline: NOW + HOUR * 1000 }],
  ['deadline', 'together', { deadline: NOW + HOUR * 1000 }],
  ['deadline', 'together', { start: NOW, seconds: 60, deadline: NOW + HOUR * 1000 }],
  ['atEnd', 'together', { start: NOW, atEnd: 'stop' }],
  ['preemptible', 'together', { start: NOW, preemptible: true }],
  ['preemptible', 'together', { group: { name: 'pair', members: 2 }, preemptible: true }],
])('%s can never be kept, %s, in %j', (term, how, lease) => {
  const wrong = whyNever(lease, NOW)
  expect(wrong).toMatchObject({ term })
  expect(wrong?.together === true).toBe(how === 'together')
})

test('what can be kept', () => {
  for (const lease of [
    { preemptible: true as const },
    { start: NOW },
    { start: 'now' as const, seconds: 60 },
    { seconds: HOUR, deadline: NOW + (HOUR + 90) * 1000, preemptible: true as const },
    { group: { name: 'pair', members: 2 } },
  ])
    expect(whyNever(lease, NOW)).toBeUndefined()
})
