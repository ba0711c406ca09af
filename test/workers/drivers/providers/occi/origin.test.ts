/** What a partner gateway is told of where an order comes from: signed so that the operation at the other side believes it. */
import { createHmac } from 'node:crypto'
import { KEY_LABEL, originText } from '../../../../../src/model/federation'
import { FEDERATION_ORDER, ORIGIN } from '../../../../../src/model/occi/names'
import { originFor, type Signs } from '../../../../../workers/drivers/providers/occi/origin'

const SECRET = 'password'
const signs: Signs = (label, text) =>
  createHmac('sha256', createHmac('sha256', SECRET).update(label).digest('hex')).update(text).digest('hex')
const mixin = { id: FEDERATION_ORDER, depends: [], location: null, title: null, defaults: new Map() }
const model = new Map([[FEDERATION_ORDER, mixin]])
const origin = { order: 'm-1', path: ['south'], project: 'p-secret' }

test('this site is the last of the path; the project is a word of its own, the same each time', () => {
  const { mixins, attributes } = originFor(model, origin, 'north', signs)
  expect(mixins).toEqual([FEDERATION_ORDER])
  expect(attributes).toMatchObject({ [ORIGIN.order]: 'm-1', [ORIGIN.path]: 'south north' })
  const tag = attributes[ORIGIN.project]
  expect(tag).toMatch(/^[0-9a-f]{24}$/)
  expect(originFor(model, origin, 'north', signs).attributes[ORIGIN.project]).toBe(tag)
  expect(originFor(model, { ...origin, project: 'p-2' }, 'north', signs).attributes[ORIGIN.project]).not.toBe(tag)
})

test('what is signed is what is told, under the key that both sides make of the password', () => {
  const { attributes } = originFor(model, origin, 'north', signs)
  const text = originText({ order: 'm-1', path: ['south', 'north'], project: attributes[ORIGIN.project] ?? '' })
  expect(attributes[ORIGIN.signature]).toBe(signs(KEY_LABEL, text))
})

test('a server that knows nothing of it, and an order that says nothing of it, are left alone', () => {
  for (const nothing of [originFor(new Map(), origin, 'north', signs), originFor(model, undefined, 'north', signs)])
    expect(nothing).toEqual({ mixins: [], attributes: {} })
})
