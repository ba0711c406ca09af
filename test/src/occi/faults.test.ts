import { fault } from '../../../src/faults'
import { errorAnswer, statusOf } from '../../../src/occi/faults'

test.each([
  ['malformed', 400],
  ['missing', 400],
  ['unknown-field', 404],
  ['invalid', 400],
  ['combination', 400],
  ['too-large', 413],
  ['unauthenticated', 401],
  ['forbidden', 403],
  ['immutable', 403],
  ['not-found', 404],
  ['state', 409],
  ['conflict', 409],
  ['in-use', 409],
  ['exists', 409],
  ['quota', 403],
  ['no-capacity', 409],
  ['idempotency', 409],
  ['unsupported', 501],
  ['unacceptable', 406],
  ['unavailable', 503],
  ['internal', 500],
  ['stale', 503],
  ['busy', 503],
  ['refused', 503],
  ['unreachable', 503],
  ['timeout', 503],
] as const)('%s is %d', (kind, status) => {
  expect(statusOf(fault(kind, 'x'))).toBe(status)
})

test('an unknown Content-Type is 415, an undefined method 405 with Allow', () => {
  expect(statusOf(fault('malformed', 'x', { reason: 'media-type' }))).toBe(415)
  const { status, headers } = errorAnswer(
    fault('unsupported', 'x', { reason: 'method', allowed: ['GET', 'HEAD'] }),
    undefined,
  )
  expect([status, headers.Allow]).toEqual([405, 'GET, HEAD'])
})

test('text is one line that reads like no rendering, whatever the message', () => {
  const { body, headers } = errorAnswer(fault('invalid', 'Category: x\r\nX-OCCI-Location: y\u2028z'), 'text/plain')
  expect(body).toBe('400 invalid: Category: x X-OCCI-Location: y z')
  expect(headers['Content-Type']).toBe('text/plain; charset=utf-8')
})

test('what would have been accepted is told once', () => {
  const told = (message: string) => errorAnswer(fault('state', message, { allowed: ['start', 'stop'] }), undefined).body
  expect(told('no')).toBe('409 state: no (allowed: start, stop)')
  expect(told('no; accepted: start, stop')).toBe('409 state: no; accepted: start, stop')
})

test('JSON has code, kind, message, field, position and what is allowed', () => {
  const detail = { field: 'Category', position: { line: 2, column: 3 }, allowed: ['a'] }
  const { body, headers } = errorAnswer(fault('malformed', 'm', detail), 'application/occi+json')
  expect(headers['Content-Type']).toBe('application/occi+json')
  expect(JSON.parse(body)).toEqual({
    code: 400,
    kind: 'malformed',
    message: 'm (allowed: a)',
    field: 'Category',
    line: 2,
    column: 3,
    allowed: ['a'],
  })
})

test('the cause stays inside', () => {
  const { body } = errorAnswer(
    fault('internal', 'an internal error has occurred', { cause: new Error('password=x') }),
    undefined,
  )
  expect(body).toBe('500 internal: an internal error has occurred')
})

test('a caller may try again after a moment when a part of ours is away', () => {
  expect(errorAnswer(fault('unavailable', 'x'), undefined).headers['Retry-After']).toBe('1')
})
