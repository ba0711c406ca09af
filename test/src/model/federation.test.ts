/** When a partner may order, and when an order comes back to where it was. */
import fc from 'fast-check'
import {
  loopOf,
  MOST_SITES,
  type Origin,
  originText,
  type Partnership,
  refuseEnded,
  refuseUnoffered,
} from '../../../src/model/federation'
import type { SealedText } from '../../../src/model/sealed-text'

const PARTNER: Partnership = {
  ...{ key: 'sealed' as SealedText, expiresAt: null, revokedAt: null },
  ...{ regions: [], offers: [], currency: 'EUR' },
}
const ended =
  (some: Partial<Partnership>, region = 'north', now = 1_000) =>
  () =>
    refuseEnded({ ...PARTNER, ...some }, region, now)

test.each<readonly [string, Partial<Partnership>, RegExp | undefined]>([
  ['without end', {}, undefined],
  ['before it expires', { expiresAt: 1_001 }, undefined],
  ['once it has expired', { expiresAt: 1_000 }, /expired/],
  ['once it was revoked, whatever else', { revokedAt: 5, expiresAt: 9_999 }, /revoked/],
  ['in a region of its own', { regions: ['south', 'north'] }, undefined],
  ['elsewhere', { regions: ['south'] }, /for south; the region here is north/],
])('%s', (_when, some, refused) => {
  if (refused === undefined) expect(ended(some)).not.toThrow()
  else
    expect(ended(some)).toThrow(expect.objectContaining({ kind: 'forbidden', message: expect.stringMatching(refused) }))
})

test('only what is offered, where something is', () => {
  expect(() => refuseUnoffered(PARTNER, 't2.large')).not.toThrow()
  const some = { ...PARTNER, offers: [{ type: 't2.nano', price: 5_800 }] }
  expect(() => refuseUnoffered(some, 't2.nano')).not.toThrow()
  expect(() => refuseUnoffered(some, 't2.large')).toThrow(expect.objectContaining({ kind: 'forbidden' }))
})

const ORIGIN: Origin = { order: 'm-1', path: ['north'], project: 'tag' }
const served = (id: string, project: string, order?: string) => ({
  ...{ id, project },
  origin: order === undefined ? undefined : { ...ORIGIN, order },
})

test('an order that began here, or is served for somebody else, is a loop; one that is tried again is none', () => {
  expect(loopOf(ORIGIN, 'p', [])).toBeUndefined()
  expect(loopOf(ORIGIN, 'p', [served('m-2', 'q'), served('m-3', 'q', 'm-9')])).toBeUndefined()
  expect(loopOf(ORIGIN, 'p', [served('m-3', 'p', 'm-1')])).toBeUndefined()
  for (const one of [served('m-1', 'q'), served('m-3', 'q', 'm-1')])
    expect(loopOf(ORIGIN, 'p', [one])).toMatchObject({ kind: 'no-capacity', detail: { reason: 'loop' } })
})

test('however many partners there are, no order goes through them for ever', () => {
  const path = Array.from({ length: MOST_SITES + 1 }, (_, index) => `s${index}`)
  expect(loopOf({ ...ORIGIN, path }, 'p', [])).toMatchObject({ kind: 'no-capacity' })
  expect(loopOf({ ...ORIGIN, path: path.slice(1) }, 'p', [])).toBeUndefined()
})

test('two origins that differ are signed as different texts', () => {
  const word = fc.stringMatching(/^[\w.:-]{1,8}$/)
  const origin = fc.record({ order: word, project: word, path: fc.array(word, { minLength: 1, maxLength: 4 }) })
  fc.assert(
    fc.property(origin, origin, (one, other) => {
      const same =
        JSON.stringify([one.order, one.project, one.path]) === JSON.stringify([other.order, other.project, other.path])
      expect(originText(one) === originText(other)).toBe(same)
    }),
  )
})
