/** How far machines may grow while they run, and why not further. */
import fc from 'fast-check'
import { mostOf, whyNotGrown } from '../../../src/model/headroom'
import type { ImageRecord } from '../../../src/model/records'

type Image = Parameters<typeof mostOf>[1]
const image = (mode?: 'pv' | 'pvh' | 'hvm', simulated = false): Image =>
  ({
    wish: { simulated, ...(mode ? { boot: { mode, cmdline: null } } : {}), files: { kernel: { sha256: 'a' } } },
    seen: { state: 'available' },
  }) as unknown as ImageRecord

test.each([
  ['pv', image('pv')],
  ['pvh', image('pvh')],
  ['simulated', image(undefined, true)],
])('%s: twice the cores, a quarter more memory', (_what, from) =>
  expect(mostOf({ cores: 2, memoryMiB: 1001 }, from)).toEqual({ cores: 4, memoryMiB: 1251 }),
)

test.each([
  ['hvm with a kernel', image('hvm')],
  ['one that boots its disk', image()],
])('%s may not know Xen, and stays as it is', (_what, from) =>
  expect(mostOf({ cores: 2, memoryMiB: 1001 }, from)).toEqual({ cores: 2, memoryMiB: 1001 }),
)

const amounts = fc.record({ cores: fc.integer({ min: 1, max: 64 }), memoryMiB: fc.integer({ min: 16, max: 65_536 }) })

test('what Xen keeps for growing never passes the hundredth that is kept back of a host', () => {
  fc.assert(
    fc.property(amounts, (size) => {
      const keptKiB = 8 * mostOf(size, image('pvh')).memoryMiB
      expect(keptKiB).toBeLessThanOrEqual((size.memoryMiB * 1024) / 100)
    }),
  )
})

test('it is refused exactly where it is less memory than it has, or more of anything than its most', () => {
  fc.assert(
    fc.property(amounts, amounts, amounts, (now, most, wanted) => {
      const may = wanted.memoryMiB >= now.memoryMiB && wanted.memoryMiB <= most.memoryMiB && wanted.cores <= most.cores
      expect(whyNotGrown(now, most, wanted) === undefined).toBe(may)
    }),
  )
})
