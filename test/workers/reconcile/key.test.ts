import { afterFailures, sinceSilent } from '../../../workers/reconcile/backoff'
import { formatKey, parseKey } from '../../../workers/reconcile/key'

test('a key is read as it was written', () => {
  const parts = { id: 'c1', step: 'power', direction: 'down', attempt: 12 } as const
  expect(formatKey(parts)).toBe('c1/power/down/12')
  expect(parseKey('c1/power/down/12')).toEqual(parts)
})

test.each([
  ['v1/grow/up/3', { id: 'v1', step: 'grow', direction: 'up', attempt: 3 }],
  ['a1/spare/down/4', { id: 'a1', step: 'spare', direction: 'down', attempt: 4 }],
  ['s1/snapshot/up/1', { id: 's1', step: 'snapshot', direction: 'up', attempt: 1 }],
  ['n1/network/down/7.2', { id: 'n1', step: 'network', direction: 'down', attempt: '7.2' }],
  ['c1/leftover/down/1795352752477.18', { id: 'c1', step: 'leftover', direction: 'down', attempt: '1795352752477.18' }],
] as const)('%s: hosts and providers of a running site know it by this text', (text, parts) => {
  expect(formatKey(parts)).toBe(text)
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
