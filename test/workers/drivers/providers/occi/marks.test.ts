/** By what our machines are known in an account. */
import fc from 'fast-check'
import { isUuid } from '../../../../../src/model/ids'
import { idFor, markIn, summaryOf, titleOf } from '../../../../../workers/drivers/providers/occi/marks'

const SITE = 'local-1'
const epoch = { era: 1_700_000_000_000, number: 7 }

test('what is written is read, whatever the machine and the claim', () => {
  const hex = fc.stringMatching(/^[0-9a-f]{17}$/)
  fc.assert(
    fc.property(hex, fc.uuid(), fc.nat(), fc.integer({ min: 1, max: 2 ** 45 }), (digits, record, number, madeAt) => {
      const mark = { machine: `i-${digits}`, record, epoch: { ...epoch, number }, madeAt }
      expect(markIn({ title: titleOf(SITE, mark.machine), summary: summaryOf(mark) }, SITE)).toEqual(mark)
    }),
  )
})

test('a server that keeps no summaries: the machine is known, and of its claim nothing', () => {
  const mark = markIn({ title: 'og-local-1-i-0a', summary: null }, SITE)
  expect(mark).toEqual({ machine: 'i-0a', record: 'i-0a', epoch: { era: 0, number: 0 }, madeAt: null })
})

test.each([
  null,
  '',
  'web one',
  'og-local-1-',
  'og-local-1-web',
  'og-local-12-i-0a',
  'og-other-i-0a',
  'xog-local-1-i-0a',
  'og-local-1-i-0a b',
])('a compute with the title %p is nobody to us', (title) => {
  expect(markIn({ title, summary: summaryOf({ record: 'r', epoch, madeAt: 1 }) }, SITE)).toBeUndefined()
})

test('a summary that somebody wrote over is no more than none', () => {
  for (const summary of [
    'hello',
    'record= epoch=x made=-3',
    '===',
    'made=1e99',
    'record=\u001b[2J',
    `record=${'a'.repeat(65)}`,
  ])
    expect(markIn({ title: 'og-local-1-i-0a', summary }, SITE)).toMatchObject({ record: 'i-0a', madeAt: null })
})

test('an id is a UUID, the same for the same key and site, and another for any other', () => {
  const ids = [
    idFor(SITE, 'c1/define/up/1'),
    idFor(SITE, 'c1/define/up/2'),
    idFor(SITE, 'c2/define/up/1'),
    idFor('o', 'c1/define/up/1'),
  ]
  expect(new Set(ids).size).toBe(4)
  expect(ids.every(isUuid)).toBe(true)
  expect(idFor(SITE, 'c1/define/up/1')).toBe(ids[0])
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
})
