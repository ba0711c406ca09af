/** Which rows of `npm run bench:leases` are chosen by its words. */
import { CONFIGURATIONS } from '../../../bench/leases/configurations'
import { rowsNamed } from '../../../bench/leases/rows'

const shown = (...words: string[]) =>
  rowsNamed(words).map(({ configuration, at }) => `${CONFIGURATIONS.indexOf(configuration)}/${at}`)

test('a configuration, one row of it, or all, in the order of the table', () => {
  expect(shown('4:30', '0')).toEqual(['0/0', '0/1', '0/2', '4/2'])
  expect(shown('0', '0:10')).toEqual(['0/0', '0/1', '0/2'])
  expect(shown()).toHaveLength(3 * CONFIGURATIONS.length)
})

test.each(['9', '4:31', '4:', ':30', '', 'VM'])('%p names no row, and is told which there are', (word) => {
  const told = `no row ${word}; there are 0 (no VM, no suspend), 1 (no VM, suspend), `
  expect(() => shown('0', word)).toThrow(told)
  expect(() => shown(word)).toThrow(/5 \(VM, reuse, skewed\), each also at one of the shares 10, 20, 30: 0:10$/)
})
