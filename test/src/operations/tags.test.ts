import fc from 'fast-check'
import { changeTags, checkTags } from '../../../src/operations/check-tags'

const tags = fc.dictionary(fc.string({ minLength: 1, maxLength: 5 }), fc.string({ maxLength: 5 }), { maxKeys: 10 })

it('setting what is there changes nothing, and says so by the same object', () => {
  fc.assert(fc.property(tags, (before) => changeTags(before, { set: before }) === before))
})

it('set then removed is as before, where the keys are new', () => {
  const before = { a: '1' }
  const after = changeTags(before, { set: { b: '2', c: '3' } })
  expect(after).toEqual({ a: '1', b: '2', c: '3' })
  expect(
    changeTags(after, {
      remove: [
        { key: 'b', value: '2' },
        { key: 'c', value: null },
      ],
    }),
  ).toEqual(before)
})

it('a removal by value spares other values', () => {
  const before = { a: '1' }
  expect(changeTags(before, { remove: [{ key: 'a', value: '2' }] })).toBe(before)
  expect(changeTags(before, { remove: [{ key: 'a', value: '1' }] })).toEqual({})
})

it('removing all then setting leaves what is set', () => {
  expect(changeTags({ a: '1', b: '2' }, { removeAll: true, set: { c: '3' } })).toEqual({ c: '3' })
  const none = {}
  expect(changeTags(none, { removeAll: true })).toBe(none)
})

it('keys that objects have by birth are ordinary ones', () => {
  const after = changeTags({}, { set: JSON.parse('{"__proto__": "x", "constructor": "y"}') })
  expect(Object.entries(after)).toEqual([
    ['__proto__', 'x'],
    ['constructor', 'y'],
  ])
})

it('allows everything up to the limits', () => {
  expect(() => checkTags({ ['k'.repeat(128)]: 'v'.repeat(256), aws: 'x', 'my:aws:': '' })).not.toThrow()
  expect(() => checkTags({ 'AWS:x': '' })).toThrow(expect.objectContaining({ kind: 'invalid' }))
})
