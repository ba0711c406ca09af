import { durationInSeconds, limitsOf } from '../../../src/cli/duration'

it.each([
  ['60s', 60],
  ['90m', 5400],
  ['12h', 43_200],
  ['30d', 2_592_000],
])('%s', (text, seconds) => {
  expect(durationInSeconds(text)).toBe(seconds)
})

it.each(['', '30', 'd', '1w', '1.5h', '-1h', '1h30m'])('%s is no duration', (text) => {
  expect(() => durationInSeconds(text)).toThrow(/no duration/)
})

it('what credentials are limited to is ordered only when it was said', () => {
  expect(limitsOf({})).toEqual({})
  expect(limitsOf({ expiresIn: '2h', readOnly: true })).toEqual({ expiresInSeconds: 7200, access: 'read-only' })
  expect(() => limitsOf({ expiresIn: 'soon' })).toThrow(/no duration/)
})
