/** Each refusal of a server, and what it is to us; and where its locations lead. */
import { faultOf } from '../../../../../workers/drivers/providers/occi/api/refusals'
import { addressAt, pathAt, toldAt } from '../../../../../workers/drivers/providers/occi/api/url'
import { isMissing } from '../../../../../workers/drivers/providers/refusals'

const refusal = (status: number, asking: Parameters<typeof faultOf>[1], body = 'no') =>
  faultOf({ status, body: Buffer.from(body) }, asking, 'make it')

test.each([
  [401, 'look', 'unreachable', 'not-authenticated'],
  [401, 'make', 'unreachable', 'not-authenticated'],
  [403, 'look', 'unreachable', 'not-authenticated'],
  [403, 'make', 'refused', 'elsewhere'],
  [403, 'change', 'refused', undefined],
  [400, 'make', 'refused', 'elsewhere'],
  [404, 'make', 'refused', 'elsewhere'],
  [404, 'look', 'refused', 'missing'],
  [410, 'change', 'refused', 'missing'],
  [409, 'make', 'refused', 'elsewhere'],
  [409, 'change', 'busy', undefined],
  [413, 'make', 'refused', 'elsewhere'],
  [429, 'make', 'busy', 'throttled'],
  [429, 'look', 'busy', 'throttled'],
  [501, 'change', 'refused', undefined],
  [500, 'make', 'unreachable', undefined],
  [503, 'look', 'unreachable', undefined],
  [302, 'look', 'unreachable', undefined],
] as const)('%d to a %s is %s (%s)', (status, asking, kind, reason) => {
  const { kind: is, detail } = refusal(status, asking)
  expect([is, detail.reason]).toEqual([kind, reason])
})

test.each([
  ['409 no-capacity: the project guest has 20 cores', '(409 no-capacity)'],
  ['{"code":409,"kind":"no-capacity","message":"the project guest"}', '(409 no-capacity)'],
  ['the project guest of acme', '(409)'],
  ['<html>', '(409)'],
])('of %p only the kind is told on; all of it is for the log', (body, told) => {
  const { message, cause } = refusal(409, 'make', body)
  expect(message).toBe(`its provider refuses to make it ${told}`)
  // The log tells messages of errors alone (workers/reconcile/act.ts).
  expect(cause).toEqual(new Error(`409: ${body}`))
})

test.each([
  ['409 no-capacity: there is room for 0 more', 'no-room'],
  ['{"code":409,"kind":"quota","message":"3 machines"}', 'no-room'],
  ['409 exists: it is there', 'elsewhere'],
])('a gateway of our own kind that is full now is asked again later: %p', (body, reason) => {
  expect(refusal(409, 'make', body).detail.reason).toBe(reason)
  expect(refusal(409, 'change', body).kind).toBe('busy')
})

test('what was kept for the log is one line, printable, not too long', () => {
  const { cause } = refusal(400, 'make', `a\u001b[31m${'c'.repeat(900)}\nsecond`)
  expect(cause).toMatchObject({ message: expect.stringMatching(/^400: a\[31mc{1,200}$/) })
})

test('missing is what is not there, and not an order for what is not there', () => {
  expect([isMissing(refusal(404, 'look')), isMissing(refusal(404, 'make')), isMissing(refusal(400, 'look'))]).toEqual([
    true,
    false,
    false,
  ])
})

test.each([
  ['https://c.example', '/compute/1', '/compute/1'],
  ['https://c.example/', 'https://c.example/compute/1', '/compute/1'],
  ['https://c.example/occi', '/compute/1', '/occi/compute/1'],
  ['https://c.example/occi/', '/occi/compute/1', '/occi/compute/1'],
  ['https://c.example/occi/', 'https://c.example/occi/compute/1', '/occi/compute/1'],
  ['https://c.example', '//compute/1', '/compute/1'],
  ['https://c.example', '/compute/1?action=stop', '/compute/1?action=stop'],
])('at %s, %s is %s', (endpoint, location, path) => {
  expect([pathAt(endpoint, location), toldAt(endpoint, location)]).toEqual([path, path])
})

test('what a server tells is bounded; what we ask for may be longer', () => {
  const longest = `/${'x'.repeat(1023)}`
  expect(toldAt('https://c.example', longest)).toBe(longest)
  expect(() => toldAt('https://c.example', `${longest}x`)).toThrow(TypeError)
  expect(pathAt('https://c.example', `${longest}x`)).toBe(`${longest}x`)
})

test('no location leads to another host: the password goes to the endpoint only', () => {
  for (const location of ['https://evil.example/compute/1', '//evil.example/compute/1', 'http://c.example:81/x'])
    expect(addressAt('https://c.example', location).origin).toBe('https://c.example')
})
