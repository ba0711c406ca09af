import { afterFailures, sinceSilent } from '../../../workers/reconcile/backoff'
import { formatKey, parseKey } from '../../../workers/reconcile/key'

test('a key is read as it was written', () => {
  const parts = { id: 'c1', step: 'power', direction: 'down', attempt: 12 } as const
  expect(formatKey(parts)).toBe('c1/power/down/12')
  expect(parseKey('c1/power/down/12')).toEqual(parts)
})

test.each([
  '',
  'c1',
  'c1/power/down',
  'c1/power/sideways/1',
  'c1/dance/up/1',
  'c1/power/up/x',
  'c1/power/up/1/2',
  '/power/up/1',
])('%p is no key of ours', (text) => expect(parseKey(text)).toBeUndefined())

test('delays after refusals double, up to a minute', () => {
  expect([1, 2, 3, 7, 50].map(afterFailures)).toEqual([1000, 2000, 4000, 60_000, 60_000])
})

test('delays while a host is silent grow with the silence, from half a second to half a minute', () => {
  expect([0, 4000, 20_000, 1e7].map((silence) => sinceSilent(silence, 0))).toEqual([500, 2000, 10_000, 30_000])
})
