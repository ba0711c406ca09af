import { isoTime } from '../../../src/admin/render-time'

test('a moment is told in UTC; one that has not come, or that nobody knows, as null', () => {
  expect(isoTime(1_795_352_752_477)).toBe('2026-11-22T13:05:52.477Z')
  expect([isoTime(null), isoTime(undefined), isoTime(0)]).toEqual([null, null, null])
})
