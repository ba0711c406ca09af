import { compareEpochs, formatEpoch, parseEpoch } from '../../../src/model/epoch'
import { formatRef, isAccountId, isShortName, isUuid, parseRef, shortName, typeTerm } from '../../../src/model/ids'

describe('references', () => {
  test('round trip', () => {
    expect(parseRef(formatRef({ kind: 'compute', id: 'x:y' }))).toEqual({ kind: 'compute', id: 'x:y' })
  })
  test.each(['compute', 'compute:', ':x', 'nothing:x', ''])('%j is none', (text) => {
    expect(parseRef(text)).toBeUndefined()
  })
})

describe('names', () => {
  test.each([
    ['i-0123456789abcdef0', true],
    ['i-01234567', true],
    ['i-0123456789abcdef', false],
    ['i-0123456789ABCDEF0', false],
    ['ami-0123456789abcdef0', false],
    ['i-0123456789abcdef0\n', false],
  ])('%j as an instance name: %s', (text, good) => {
    expect(isShortName('compute', text)).toBe(good)
  })
  test('a drawn name is one', () => {
    expect(isShortName('storage', shortName('storage', '0'.repeat(17)))).toBe(true)
  })
  test('an instance type as an OCCI term has no dot', () => {
    expect(typeTerm('t2.micro')).toBe('t2_micro')
  })
  test('ids are lower-case UUIDs', () => {
    expect(isUuid('11111111-2222-4333-8444-555555555555')).toBe(true)
    expect(isUuid('11111111-2222-4333-8444-55555555555A')).toBe(false)
  })
  test('account ids have 12 digits', () => {
    expect([isAccountId('123456789012'), isAccountId('12345678901')]).toEqual([true, false])
  })
})

describe('epochs', () => {
  test('an era beats any number', () => {
    expect(compareEpochs({ era: 2, number: 1 }, { era: 1, number: 999 })).toBeGreaterThan(0)
  })
  test('round trip', () => {
    const epoch = { era: 1_763_000_000_000, number: 42 }
    expect(parseEpoch(formatEpoch(epoch))).toEqual(epoch)
  })
  test.each(['', '1', '1.', '.1', 'a.b', '1.2.3'])('%j is none', (text) => {
    expect(parseEpoch(text)).toBeUndefined()
  })
})
