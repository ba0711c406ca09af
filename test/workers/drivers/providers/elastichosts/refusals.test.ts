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

test("the zone's words are told on: one line, printable, not too long", () => {
  const { message } = faultOf(
    { status: 400, code: 'usage', body: Buffer.from(`a\x1b[31mb${'c'.repeat(900)}\nsecond`) },
    'x',
  )
  expect(message).toMatch(/^the provider refused x: a\[31mbc+$/)
  expect(message.length).toBeLessThan(240)
  expect(faultOf({ status: 400, code: 'usage', body: Buffer.alloc(0) }, 'x').message).toBe(
    'the provider refused x: status 400 usage',
  )
})
