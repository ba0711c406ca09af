/** Each refusal of a zone, and what it is to us. */
import { faultOf } from '../../../../../workers/drivers/providers/elastichosts/api/refusals'

test.each([
  { status: 400, code: 'usage', kind: 'refused', reason: undefined },
  { status: 400, code: 'usage', says: 'Server could not be found', kind: 'refused', reason: 'missing' },
  { status: 401, code: 'auth', kind: 'unreachable', reason: 'not-authenticated' },
  { status: 403, code: '', kind: 'unreachable', reason: 'not-authenticated' },
  { status: 402, code: 'billing', kind: 'refused', reason: 'elsewhere' },
  { status: 404, code: 'missing', kind: 'refused', reason: 'missing' },
  { status: 405, code: 'method', kind: 'refused', reason: undefined },
  { status: 409, code: 'busy', kind: 'busy', reason: undefined },
  { status: 429, code: '', kind: 'busy', reason: 'throttled' },
  { status: 500, code: 'failed', kind: 'unreachable', reason: undefined },
  { status: 500, code: 'system', kind: 'unreachable', reason: undefined },
  { status: 503, code: '', kind: 'unreachable', reason: undefined },
  { status: 507, code: 'full', kind: 'refused', reason: 'elsewhere' },
  { status: 302, code: '', kind: 'unreachable', reason: undefined },
])('$status $code $says is $kind ($reason)', ({ status, code, says = 'no', kind, reason }) => {
  const { kind: is, detail } = faultOf({ status, code, body: Buffer.from(`${says}\n`) }, 'servers/create')
  expect([is, detail.reason]).toEqual([kind, reason])
})

test("the zone's words are for the log: one line, printable, not too long; owners read ours", () => {
  const body = Buffer.from(`account 91c7a4d0 has a\x1b[31mb${'c'.repeat(900)}\nsecond`)
  const { message, cause } = faultOf({ status: 402, code: 'billing', body }, 'servers/create')
  expect(message).toBe('its provider refuses servers/create: the account there does not cover it')
  const said = cause instanceof Error ? cause.message : ''
  expect(said).toMatch(/^402 billing: account 91c7a4d0 has a\[31mbc+$/)
  expect(said.length).toBeLessThan(240)
})

test.each([
  [400, 'usage', 'its provider refuses x: it does not take what was asked for'],
  [409, 'busy', 'its provider refuses x: something else is being done with it'],
  [418, 'teapot', 'its provider refuses x: status 418'],
  [500, 'failed', 'its provider failed at x: status 500'],
  [401, 'auth', 'its provider does not accept our credentials'],
])('%i %s is told as "%s", whatever the zone says', (status, code, words) => {
  expect(faultOf({ status, code, body: Buffer.from('uuid 5b1de0a2') }, 'x').message).toBe(words)
})
